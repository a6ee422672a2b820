import { toHex } from '@reckon/protocol/base/bytes';
import type { ErrorCode } from '@reckon/protocol/base/error-codes';
import { isErrorCode, ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { KernelRules } from '@reckon/kernels/kernel';
import type { BlobDigest, WorkUnitId } from '@reckon/protocol/base/ids';
import { proveMembership } from '@reckon/protocol/base/merkle';
import type { Job, Replica, WorkUnit } from '@reckon/protocol/machine/state';
import { type BatchAttestation, batchTree, recoverBatchSigner } from '@reckon/protocol/model/attestation';
import type { StageSpec } from '@reckon/protocol/model/job-spec';
import type { SessionContext } from './ports.ts';

interface Found {
  job: Job;
  stage: StageSpec;
  unit: WorkUnit;
  own: Replica | undefined;
}

const MAX_NEAR = 16;
const MAX_ANSWERED = 1024;

/**
 * A node's results: signed digests first, then their bytes. Bytes are taken only for a digest this node has committed to,
 * and a result counts only once its bytes are stored, well-formed and in the journal.
 */
export function createResults(context: SessionContext) {
  const { ports, nodeId, refuse } = context;
  const { coordinator, blobs, kernels } = ports;
  /** Committed digests whose bytes are still to come, and the units that gave them. */
  const expected = new Map<BlobDigest, Set<WorkUnitId>>();
  const revealing = new Set<BlobDigest>();
  /** Digests whose commit was answered already, by `stored` or by a refusal: bytes that follow are dropped in silence. */
  const answered = new Set<BlobDigest>();

  function find(workUnitId: WorkUnitId): Found | undefined {
    const place = coordinator.state.units.get(workUnitId);
    const job = place && coordinator.state.jobs.get(place.jobId);
    const unit = place && job?.units[place.index];
    const stage = job?.spec.stages[0];
    if (job === undefined || unit === undefined || stage === undefined) return undefined;
    return { job, stage, unit, own: unit.replicas.find((replica) => replica.nodeId === nodeId) };
  }

  function note(digest: BlobDigest): void {
    const oldest = answered.values().next().value;
    if (answered.size >= MAX_ANSWERED && oldest !== undefined) answered.delete(oldest);
    answered.add(digest);
  }

  function expect(workUnitId: WorkUnitId, digest: BlobDigest): void {
    const own = find(workUnitId)?.own;
    if (own?.status !== 'committed' || own.resultDigest !== digest) return note(digest);
    expected.set(digest, (expected.get(digest) ?? new Set()).add(workUnitId));
  }

  /** Checks the batch's one signature, then enters each leaf. */
  function commit(batch: BatchAttestation): void {
    const signer = recoverBatchSigner(ports.domain, nodeId, batch, ports.recover);
    if (signer !== nodeId) {
      const details = { what: 'batch attestation', expected: nodeId, received: signer ?? 'nobody' };
      for (const leaf of batch.leaves) {
        refuse(new ReckonError('SIGNATURE_INVALID', details), leaf.workUnitId);
        note(leaf.resultDigest);
      }
      return;
    }
    const tree = batchTree(batch.leaves);
    const { signature } = batch;
    for (const [i, leaf] of batch.leaves.entries()) {
      const attestation = { leaf, path: proveMembership(tree, i).map(toHex), count: batch.leaves.length, signature };
      void context.submit({ type: 'replica.committed', at: coordinator.stamp(), nodeId, attestation });
      expect(leaf.workUnitId, leaf.resultDigest);
    }
  }

  /** A unit this node cannot finish, or whose result is of no use. */
  function fail(workUnitId: WorkUnitId, code: string): void {
    // The machine has words of its own for replicas that ended without a fault: a node may not say those.
    const known = isErrorCode(code) ? code : 'UNEXPECTED';
    void context.submit({ type: 'replica.failed', at: coordinator.stamp(), nodeId, workUnitId, code: known });
  }

  function rejectUnit<C extends ErrorCode>(workUnitId: WorkUnitId, error: ReckonError<C>): void {
    fail(workUnitId, error.code);
    refuse(error, workUnitId);
  }

  /** Whether bytes of this digest are wanted. @throws {ReckonError} LEASE_MISSING; KERNEL_RESULT_TOO_LARGE. */
  function admit(digest: BlobDigest, size: number): boolean {
    const units = [...(expected.get(digest) ?? [])];
    if (units.length === 0 && (revealing.has(digest) || answered.has(digest))) return false;
    const first = units.map(find).find((found) => found !== undefined);
    if (first === undefined) {
      throw new ReckonError('LEASE_MISSING', { workUnitId: `a unit with result ${digest}`, nodeId });
    }
    const { manifest } = kernels.rules(first.stage.kernel.name);
    if (size <= manifest.limits.maxResultBytes) return true;
    const limitBytes = manifest.limits.maxResultBytes;
    const details = { kernel: first.stage.kernel.name, limitBytes, sizeBytes: size };
    expected.delete(digest);
    for (const workUnitId of units) rejectUnit(workUnitId, new ReckonError('KERNEL_RESULT_TOO_LARGE', details));
    return false;
  }

  /** Digests others revealed for the unit, where comparing bytes says more than comparing digests. */
  function othersOf(workUnitId: WorkUnitId, digest: BlobDigest): BlobDigest[] {
    const found = find(workUnitId);
    if (found === undefined || kernels.rules(found.stage.kernel.name).manifest.agreement.kind === 'exact') return [];
    return found.unit.replicas.flatMap((replica) =>
      replica.revealedAt !== undefined && replica.resultDigest !== undefined && replica.resultDigest !== digest
        ? [replica.resultDigest]
        : [],
    );
  }

  /** A result that was spoiled on our disk agrees with nothing; it must not keep others from counting. */
  async function readResult(other: BlobDigest): Promise<Uint8Array | undefined> {
    try {
      return await blobs.read(other);
    } catch (error) {
      const { code } = toReckonError(error);
      if (code !== 'BLOB_CORRUPT' && code !== 'BLOB_MISSING') throw error;
      ports.log.error({ code, digest: other }, 'result.lost');
      return undefined;
    }
  }

  async function agrees({ agree }: KernelRules, bytes: Uint8Array, other: BlobDigest): Promise<boolean> {
    const theirs = await readResult(other);
    try {
      return theirs !== undefined && agree(bytes, theirs);
    } catch (error) {
      // Bytes that make a rule throw are their sender's fault, and agree with nobody's.
      ports.log.warn({ cause: String(error), digest: other }, 'result.not-comparable');
      return false;
    }
  }

  /** Why the kernel cannot read a result; whatever its rule throws is such a reason. */
  function problemOf({ inspect }: KernelRules, params: string, bytes: Uint8Array): string | undefined {
    try {
      return inspect(params, bytes);
    } catch (error) {
      return String(error);
    }
  }

  async function reveal(workUnitId: WorkUnitId, digest: BlobDigest, bytes: Uint8Array): Promise<void> {
    const found = find(workUnitId);
    if (found === undefined) return;
    const { stage, unit } = found;
    const rules = kernels.rules(stage.kernel.name);
    const cause = problemOf(rules, stage.units[unit.index]?.params ?? '', bytes);
    if (cause !== undefined) {
      const details = { kernel: stage.kernel.name, cause: cause.slice(0, 500) };
      return rejectUnit(workUnitId, new ReckonError('KERNEL_RESULT_INVALID', details));
    }
    await blobs.put(digest, bytes);
    const compared = new Map<BlobDigest, boolean>();
    // Another node may reveal while bytes are read: look again until nothing is new, and enter it in the same turn.
    for (;;) {
      const next = othersOf(workUnitId, digest).find((other) => !compared.has(other));
      if (next === undefined) break;
      compared.set(next, await agrees(rules, bytes, next));
    }
    await context.submit({
      type: 'replica.revealed',
      at: coordinator.stamp(),
      nodeId,
      workUnitId,
      resultDigest: digest,
      size: bytes.length,
      near: [...compared].flatMap(([other, near]) => (near ? [other] : [])).slice(0, MAX_NEAR),
    });
  }

  async function complete(digest: BlobDigest, bytes: Uint8Array): Promise<void> {
    const units = [...(expected.get(digest) ?? [])];
    const received = hashBlob(bytes);
    if (received !== digest) {
      for (const unit of units) refuse(new ReckonError('BLOB_CORRUPT', { expected: digest, received }), unit);
      return;
    }
    revealing.add(digest);
    expected.delete(digest);
    try {
      for (const workUnitId of units) await reveal(workUnitId, digest, bytes);
    } catch (error) {
      const known = toReckonError(error);
      if (known.code === 'BLOB_TOO_LARGE') for (const workUnitId of units) rejectUnit(workUnitId, known);
      else context.abandon(error); // our fault, not the result's
    } finally {
      revealing.delete(digest);
      note(digest);
    }
  }

  return { commit, fail, admit, complete: (digest: BlobDigest, bytes: Uint8Array) => void complete(digest, bytes) };
}
