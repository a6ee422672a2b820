import type { BlobDigest, Hash, KernelDigest, NodeId, Signature, WorkUnitId } from '../src/base/ids.ts';
import { type LeafAttestation, NO_TRACE } from '../src/model/attestation.ts';
import type { WorkUnit } from '../src/machine/state.ts';

/** Small numbered values, readable in a failing test's output. Signatures here are placeholders: the machine never checks them. */
const numbered = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;

export const nodeOf = (value: number): NodeId => numbered(value, 40) as NodeId;
export const digestOf = (value: number): BlobDigest => numbered(value, 64) as BlobDigest;
export const UNIT_ID = numbered(0xabc, 64) as WorkUnitId;

export const pendingUnit = (): WorkUnit => ({
  id: UNIT_ID,
  index: 0,
  status: 'pending',
  replicas: [],
  checks: [],
  target: 1,
});

export function attestationOf(
  resultDigest: BlobDigest,
  leaf: { workUnitId: WorkUnitId; kernelDigest: KernelDigest; inputDigest: Hash } = {
    workUnitId: UNIT_ID,
    kernelDigest: numbered(1, 64) as KernelDigest,
    inputDigest: numbered(2, 64) as Hash,
  },
): LeafAttestation {
  return {
    leaf: { ...leaf, resultDigest, traceRoot: NO_TRACE },
    path: [],
    count: 1,
    signature: numbered(0, 130) as Signature,
  };
}
