import { fromHex, toHex } from '@reckon/protocol/base/bytes';
import type { ErrorCode } from '@reckon/protocol/base/error-codes';
import { isErrorCode, ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { BlobDigest, Hash, WorkUnitId } from '@reckon/protocol/base/ids';
import { proveMembership } from '@reckon/protocol/base/merkle';
import { replicaOf } from '@reckon/protocol/machine/unit-view';
import {
  type BatchAttestation,
  batchTree,
  type LeafAttestation,
  recoverBatchSigner,
  type ResultLeaf,
  type Salt,
} from '@reckon/protocol/model/attestation';
import { resultTag } from '@reckon/protocol/trust/beacon';
import { checkResult } from '../evidence/check-result.ts';
import { type FoundUnit, findUnit } from '../evidence/find-unit.ts';
import { createNearness } from './nearness.ts';
import type { SessionContext } from './ports.ts';
import { leafProblem } from './reveal-checks.ts';

/** What opens a seal, waiting for the bytes. */
interface Expected {
  salt: Salt;
  attestation: LeafAttestation;
}

const MAX_ANSWERED = 1024;

/**
 * A node's results: seals first, then what was sealed, signed, then its bytes. Bytes are taken only for a digest that this
 * node has sealed, and a result counts only once its bytes and its opening are stored and it stands in the journal.
 */
export function createResults(context: SessionContext) {
  const { ports, nodeId, refuse } = context;
  const { coordinator, blobs, kernels, reveals } = ports;
  const nearness = createNearness(ports);
  /** Revealed digests whose bytes are still to come, and the units that gave them. */
  const expected = new Map<BlobDigest, Map<WorkUnitId, Expected>>();
  const revealing = new Set<BlobDigest>();
  /** What is being read now, by `keyOf`: shown again meanwhile, it would cost a certificate's check each time. */
  const entering = new Set<string>();
  /** Digests whose reveal was answered already, by `stored` or by a refusal: bytes that follow are dropped in silence. */
  const answered = new Set<BlobDigest>();

  const find = (workUnitId: WorkUnitId): FoundUnit | undefined => findUnit(coordinator.state, kernels, workUnitId);
  const unitsOf = (digest: BlobDigest): WorkUnitId[] => [...(expected.get(digest)?.keys() ?? [])];

  function note(digest: BlobDigest): void {
    const oldest = answered.values().next().value;
    if (answered.size >= MAX_ANSWERED && oldest !== undefined) answered.delete(oldest);
    answered.add(digest);
  }

  /** From here on what is drawn for each result is fixed: by its seal, our secret and the newest block. */
  function commit(seals: readonly { workUnitId: WorkUnitId; seal: Hash }[]): void {
    const { state, secrets } = coordinator;
    for (const { workUnitId, seal } of seals) {
      const { beacon } = state;
      const draw = secrets.draw(seal, state.lastEpoch + 1, beacon);
      const at = coordinator.stamp();
      void context.submit({ type: 'replica.committed', at, nodeId, workUnitId, seal, beacon, draw });
    }
  }

  /** Checks the batch's one signature, then each leaf against its seal. @throws {ReckonError} MESSAGE_INVALID */
  function reveal(batch: BatchAttestation, salts: readonly Salt[]): void {
    const { leaves, signature } = batch;
    if (salts.length !== leaves.length) {
      const [wanted, received] = [`${leaves.length}, one for each leaf`, String(salts.length)];
      throw new ReckonError('MESSAGE_INVALID', { path: 'salts', expected: wanted, received });
    }
    const signer = recoverBatchSigner(ports.domain, nodeId, batch, ports.recover);
    if (signer !== nodeId) {
      const details = { what: 'batch attestation', expected: nodeId, received: signer ?? 'nobody' };
      for (const leaf of leaves) rejectLeaf(leaf, new ReckonError('SIGNATURE_INVALID', details));
      return;
    }
    const tree = batchTree(leaves);
    for (const [i, leaf] of leaves.entries()) {
      const attestation = { leaf, path: proveMembership(tree, i).map(toHex), count: leaves.length, signature };
      expect({ salt: salts[i] as Salt, attestation });
    }
  }

  function rejectLeaf(leaf: ResultLeaf, error: ReckonError): void {
    refuse(error, leaf.workUnitId);
    note(leaf.resultDigest);
  }

  /** The unit, while what was sealed for it is this result; else its sender is answered, and the unit is undefined. */
  function findSealed({ salt, attestation: { leaf } }: Expected): FoundUnit | undefined {
    const found = find(leaf.workUnitId);
    const own = found && replicaOf(found.unit, nodeId);
    if (found === undefined || own?.status !== 'committed') {
      note(leaf.resultDigest);
      askAgain(leaf);
      return undefined;
    }
    const problem = leafProblem(found, own, leaf, salt);
    if (problem === undefined) return found;
    rejectLeaf(leaf, problem);
    return undefined;
  }

  const keyOf = ({ salt, attestation }: Expected): string => `${attestation.leaf.workUnitId} ${salt}`;

  function expect(opened: Expected): void {
    const { workUnitId, resultDigest } = opened.attestation.leaf;
    if (entering.has(keyOf(opened)) || findSealed(opened) === undefined) return;
    const units = expected.get(resultDigest) ?? new Map<WorkUnitId, Expected>();
    expected.set(resultDigest, units.set(workUnitId, opened));
  }

  /** A reveal of what is not sealed changes nothing; the machine knows what its sender is owed: `stored`, a verdict, a refusal. */
  function askAgain({ workUnitId, resultDigest }: ResultLeaf): void {
    const tag = tagOf(workUnitId, resultDigest);
    const certificate = { passed: true as const, errorLog2: 0 };
    const at = coordinator.stamp();
    void context.submit({ type: 'replica.revealed', at, nodeId, workUnitId, tag, size: 0, near: [], certificate });
  }

  const tagOf = (workUnitId: WorkUnitId, digest: BlobDigest): Hash =>
    resultTag(fromHex(coordinator.secrets.tagKey(workUnitId)), workUnitId, digest);

  /** A unit, or a check of one, that this node cannot finish, or whose result is of no use. */
  function fail(workUnitId: WorkUnitId, code: string): void {
    // The machine has words of its own for replicas that ended without a fault: a node may not say those.
    const known = isErrorCode(code) ? code : 'UNEXPECTED';
    const draw = ports.random.u32();
    void context.submit({ type: 'replica.failed', at: coordinator.stamp(), nodeId, workUnitId, code: known, draw });
  }

  function rejectUnit<C extends ErrorCode>(workUnitId: WorkUnitId, error: ReckonError<C>): void {
    fail(workUnitId, error.code);
    refuse(error, workUnitId);
  }

  /** Whether bytes of this digest are wanted. @throws {ReckonError} LEASE_MISSING; KERNEL_RESULT_TOO_LARGE. */
  function admit(digest: BlobDigest, size: number): boolean {
    const units = unitsOf(digest);
    if (units.length === 0 && (revealing.has(digest) || answered.has(digest))) return false;
    const first = units.map(find).find((found) => found !== undefined);
    if (first === undefined) {
      throw new ReckonError('LEASE_MISSING', { workUnitId: `a unit with result ${digest}`, nodeId });
    }
    const limitBytes = first.rules.manifest.limits.maxResultBytes;
    if (size <= limitBytes) return true;
    const details = { kernel: first.stage.kernel.name, limitBytes, sizeBytes: size };
    expected.delete(digest);
    for (const workUnitId of units) rejectUnit(workUnitId, new ReckonError('KERNEL_RESULT_TOO_LARGE', details));
    return false;
  }

  async function enter(workUnitId: WorkUnitId, opened: Expected, bytes: Uint8Array): Promise<void> {
    const found = findSealed(opened);
    if (found === undefined) return;
    const digest = opened.attestation.leaf.resultDigest;
    const evidence = await checkResult(ports, found, nodeId, opened.attestation.leaf, bytes);
    if (evidence instanceof ReckonError) return rejectUnit(workUnitId, evidence);
    await blobs.put(digest, bytes);
    // Meanwhile the lease may have run out and another result been sealed: what is entered must open what is sealed.
    if (findSealed(opened) === undefined) return;
    await reveals.put({ workUnitId, nodeId, ...opened });
    await nearness.compare(found, workUnitId, { digest, bytes }, async (near) => {
      if (findSealed(opened) === undefined) return;
      const at = coordinator.stamp();
      const result = { tag: tagOf(workUnitId, digest), size: bytes.length, near };
      await context.submit({ type: 'replica.revealed', at, nodeId, workUnitId, ...result, ...evidence });
    });
  }

  async function complete(digest: BlobDigest, bytes: Uint8Array): Promise<void> {
    const units = expected.get(digest) ?? new Map<WorkUnitId, Expected>();
    const received = hashBlob(bytes);
    if (received !== digest) {
      for (const unit of units.keys()) refuse(new ReckonError('BLOB_CORRUPT', { expected: digest, received }), unit);
      return;
    }
    revealing.add(digest);
    expected.delete(digest);
    for (const opened of units.values()) entering.add(keyOf(opened));
    try {
      for (const [workUnitId, opened] of units) await enter(workUnitId, opened, bytes);
    } catch (error) {
      const known = toReckonError(error);
      if (known.code === 'BLOB_TOO_LARGE') for (const workUnitId of units.keys()) rejectUnit(workUnitId, known);
      else context.abandon(error); // our fault, not the result's
    } finally {
      revealing.delete(digest);
      for (const opened of units.values()) entering.delete(keyOf(opened));
      note(digest);
    }
  }

  return {
    commit,
    reveal,
    fail,
    admit,
    complete: (digest: BlobDigest, bytes: Uint8Array) => void complete(digest, bytes),
  };
}
