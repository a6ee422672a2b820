import { toReckonError } from '@reckon/protocol/base/errors';
import { fromHex } from '@reckon/protocol/base/bytes';
import type { BlobDigest, Hash, WorkUnitId } from '@reckon/protocol/base/ids';
import { resultTag } from '@reckon/protocol/trust/beacon';
import { type FoundUnit, findUnit } from '../evidence/find-unit.ts';
import type { SessionPorts } from './ports.ts';

const MAX_NEAR = 16;

/** What tells whether two results agree. */
type Subject = Pick<FoundUnit, 'rules' | 'spec'>;

/** Compares a result with what others revealed for its unit, where the kernel's results need not be equal to agree. */
export function createNearness({ coordinator, blobs, kernels, reveals, log }: SessionPorts) {
  /** Digests others revealed for the unit, where comparing bytes says more than comparing digests. */
  function othersOf(workUnitId: WorkUnitId, digest: BlobDigest): BlobDigest[] {
    const found = findUnit(coordinator.state, kernels, workUnitId);
    if (found === undefined || found.rules.manifest.agreement.kind === 'exact') return [];
    const kept = reveals.of(workUnitId);
    return found.unit.replicas.flatMap(({ nodeId, tag }) => {
      const other = tag === undefined ? undefined : kept.get(nodeId)?.attestation.leaf.resultDigest;
      return other === undefined || other === digest ? [] : [other];
    });
  }

  /** A result that was spoiled on our disk agrees with nothing; it must not keep others from counting. */
  async function readResult(other: BlobDigest): Promise<Uint8Array | undefined> {
    try {
      return await blobs.read(other);
    } catch (error) {
      const { code } = toReckonError(error);
      if (code !== 'BLOB_CORRUPT' && code !== 'BLOB_MISSING') throw error;
      log.error({ code, digest: other }, 'result.lost');
      return undefined;
    }
  }

  async function agrees({ rules, spec }: Subject, bytes: Uint8Array, other: BlobDigest): Promise<boolean> {
    const theirs = await readResult(other);
    try {
      return theirs !== undefined && rules.agree(bytes, theirs, spec.params);
    } catch (error) {
      // Bytes that make a rule throw are their sender's fault, and agree with nobody's.
      log.warn({ cause: String(error), digest: other }, 'result.not-comparable');
      return false;
    }
  }

  return {
    /**
     * Hands `enter` the tags of the others' results that agree with this one, in the turn in which nothing is new: another
     * node may reveal while bytes are read, and of two results one must know of the other.
     */
    async compare<T>(
      subject: Subject,
      workUnitId: WorkUnitId,
      result: { digest: BlobDigest; bytes: Uint8Array },
      enter: (near: Hash[]) => T,
    ): Promise<T> {
      const compared = new Map<BlobDigest, boolean>();
      for (;;) {
        const next = othersOf(workUnitId, result.digest).find((other) => !compared.has(other));
        if (next === undefined) break;
        compared.set(next, await agrees(subject, result.bytes, next));
      }
      const near = [...compared].flatMap(([other, isNear]) => (isNear ? [other] : [])).slice(0, MAX_NEAR);
      const key = near.length === 0 ? undefined : fromHex(coordinator.secrets.tagKey(workUnitId));
      return enter(key === undefined ? [] : near.map((other) => resultTag(key, workUnitId, other)));
    },
  };
}
