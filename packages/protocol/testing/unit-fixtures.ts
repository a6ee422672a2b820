import type { BlobDigest, Hash, KernelDigest, NodeId, Signature, WorkUnitId } from '../src/base/ids.ts';
import { type LeafAttestation, NO_TRACE } from '../src/model/attestation.ts';
import type { Judge } from '../src/machine/decide.ts';
import type { WorkUnit } from '../src/machine/state.ts';
import { replicaOf } from '../src/machine/unit-view.ts';
import { stepWorkUnit } from '../src/machine/work-unit.ts';
import type { KernelFacts } from '../src/model/kernel-manifest.ts';
import type { VerificationPolicy } from '../src/model/policy.ts';
import { DEFAULT_TRUST } from '../src/model/trust-constants.ts';
import { policyRules } from '../src/trust/policy.ts';

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

export const PLAIN_FACTS: KernelFacts = {
  exact: true,
  chunked: false,
  certified: false,
  costShare: 1,
  leastHarmfulShare: 1,
  memoryMb: 0,
};

/** A judge to whom every node is as good as any other. */
export const judgeBy = (policy: VerificationPolicy, over: Partial<Omit<Judge, 'rules'>> = {}): Judge => ({
  rules: policyRules(policy),
  kernel: PLAIN_FACTS,
  trust: DEFAULT_TRUST,
  share: () => DEFAULT_TRUST.faultyShare,
  ...over,
});

/** Brings the result `tag` of a node that holds a lease, as far as the unit takes it. */
export function bring(unit: WorkUnit, nodeId: NodeId, tag: Hash, judge: Judge, at = 1): WorkUnit {
  const committed = { type: 'committed' as const, nodeId, at, seal: digestOf(Number(nodeId)), draw: digestOf(7) };
  const revealed = { type: 'revealed' as const, nodeId, at, tag, sizeBytes: 1, near: [] };
  return stepWorkUnit(stepWorkUnit(unit, committed, judge).unit, revealed, judge).unit;
}

/** The opening of all that was revealed; a tag stands for the digest it names. */
export const openingOf = (unit: WorkUnit) => ({
  type: 'opened' as const,
  results: new Map(
    unit.replicas.flatMap(({ nodeId, status, tag }) =>
      status === 'revealed' && tag !== undefined ? [[nodeId, attestationOf(tag as BlobDigest)] as const] : [],
    ),
  ),
});

/** Leases, brings and opens: what the unit becomes when this node computes `tag`. */
export function compute(unit: WorkUnit, nodeId: NodeId, tag: Hash, judge: Judge, at = 1): WorkUnit {
  const held = replicaOf(unit, nodeId)?.status === 'leased';
  const leased = held ? unit : stepWorkUnit(unit, { type: 'leased', nodeId, at, leaseMs: 100 }, judge).unit;
  const brought = bring(leased, nodeId, tag, judge, at);
  return brought.decided === undefined ? brought : stepWorkUnit(brought, openingOf(brought), judge).unit;
}

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
