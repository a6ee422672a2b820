import type { BlobDigest, NodeId, ResultDigest } from '../base/ids.ts';
import type { Millis } from '../base/units.ts';
import type { LeafAttestation } from '../model/attestation.ts';
import type { QuorumPolicy } from '../model/job-spec.ts';
import { type Group, largestGroup } from '../trust/quorum.ts';
import type { Replica, WorkUnit } from './state.ts';

export type WorkUnitEvent =
  | { type: 'leased'; nodeId: NodeId; at: Millis; leaseMs: Millis }
  | { type: 'committed'; nodeId: NodeId; at: Millis; attestation: LeafAttestation }
  | {
      type: 'revealed';
      nodeId: NodeId;
      at: Millis;
      digest: ResultDigest;
      sizeBytes: number;
      near: readonly BlobDigest[];
    }
  /** The kernel failed there; this node is not asked again. */
  | { type: 'failed'; nodeId: NodeId; code: string }
  /** The node went away; its lease returns to the queue. */
  | { type: 'released'; nodeId: NodeId; reason: string }
  | { type: 'ticked'; at: Millis }
  /** The job ended around the unit. */
  | { type: 'withdrawn'; reason: string };

export type Ignored =
  | 'terminal'
  | 'duplicate-node'
  | 'enough-leased'
  | 'not-leased'
  | 'lease-expired'
  | 'repeated'
  | 'other-digest'
  | 'not-committed'
  | 'nothing-due';

export type WorkUnitStep = { unit: WorkUnit; ignored?: Ignored };

/** After a commit, its bytes have this long to arrive. */
export const REVEAL_MS: Millis = 30_000;

/** Reasons after which the same node may lease the unit again: it went away, it did not fail. */
const RELEASABLE = new Set(['bye', 'lost', 'deadline']);

const isLive = (replica: Replica): boolean => replica.status === 'leased' || replica.status === 'committed';
const hasFailed = (replica: Replica): boolean => replica.status === 'expired' && !RELEASABLE.has(replica.reason ?? '');

/** Whether this node may be leased the unit, as far as its own replica goes. */
export function mayLease(unit: WorkUnit, nodeId: NodeId): boolean {
  const own = unit.replicas.find((replica) => replica.nodeId === nodeId);
  return own === undefined || (own.status === 'expired' && !hasFailed(own));
}

function bestGroup(unit: WorkUnit): Group | undefined {
  const revealed = unit.replicas.filter((replica) => replica.status === 'revealed');
  return largestGroup(
    revealed.map(({ nodeId, resultDigest, near }) => ({ nodeId, digest: resultDigest as ResultDigest, near })),
  );
}

/** Results taken or still possible under the policy's cap, and how large the best group can become. */
function outlook(unit: WorkUnit, policy: QuorumPolicy) {
  const agreed = bestGroup(unit)?.members.length ?? 0;
  const live = unit.replicas.filter(isLive).length;
  const used = unit.replicas.filter((replica) => replica.status === 'revealed' || hasFailed(replica)).length;
  return { agreed, live, free: policy.maxReplicas - used - live, left: policy.maxReplicas - used };
}

/** How many more leases the unit can use now: enough to reach quorum if all live replicas agree with the best group. */
export function replicasNeeded(unit: WorkUnit, policy: QuorumPolicy): number {
  if (unit.status === 'accepted' || unit.status === 'failed') return 0;
  const { agreed, live, free } = outlook(unit, policy);
  return Math.max(0, Math.min(policy.quorum - agreed - live, free));
}

function withReplica(unit: WorkUnit, replica: Replica): WorkUnit {
  const others = unit.replicas.filter((other) => other.nodeId !== replica.nodeId);
  return { ...unit, replicas: [...others, replica] };
}

const expire = (replica: Replica, reason: string): Replica => ({ ...replica, status: 'expired', reason });

/** Accepts when a group reaches quorum, fails when none can any more, and falls back to `pending` when nobody works on it. */
function decide(unit: WorkUnit, policy: QuorumPolicy): WorkUnit {
  const group = bestGroup(unit);
  if (group !== undefined && group.members.length >= policy.quorum) {
    const replicas = unit.replicas.map((replica): Replica => {
      if (replica.status === 'revealed') {
        return { ...replica, status: group.members.includes(replica.nodeId) ? 'agreed' : 'disagreed' };
      }
      return isLive(replica) ? expire(replica, 'not-needed') : replica;
    });
    return { ...unit, status: 'accepted', canonical: group.digest, replicas };
  }
  const { agreed, left } = outlook(unit, policy);
  if (agreed + left < policy.quorum) {
    const replicas = unit.replicas.map((replica): Replica => {
      if (replica.status === 'revealed') return { ...replica, status: 'disagreed', reason: 'no-quorum' };
      return isLive(replica) ? expire(replica, 'not-needed') : replica;
    });
    return { ...unit, status: 'failed', replicas };
  }
  const working = unit.replicas.some((replica) => isLive(replica) || replica.status === 'revealed');
  return { ...unit, status: working ? 'issued' : 'pending' };
}

function lease(unit: WorkUnit, event: WorkUnitEvent & { type: 'leased' }, policy: QuorumPolicy): WorkUnitStep {
  if (!mayLease(unit, event.nodeId)) return { unit, ignored: 'duplicate-node' };
  if (replicasNeeded(unit, policy) === 0) return { unit, ignored: 'enough-leased' };
  const { nodeId, at, leaseMs } = event;
  const replica: Replica = { nodeId, status: 'leased', leasedAt: at, deadline: at + leaseMs, near: [] };
  return { unit: { ...withReplica(unit, replica), status: 'issued' } };
}

function commit(unit: WorkUnit, event: WorkUnitEvent & { type: 'committed' }, policy: QuorumPolicy): WorkUnitStep {
  const own = unit.replicas.find((replica) => replica.nodeId === event.nodeId);
  if (own === undefined) return { unit, ignored: 'not-leased' };
  const digest = event.attestation.leaf.resultDigest;
  if (own.attestation !== undefined && own.status !== 'expired') {
    return { unit, ignored: own.resultDigest === digest ? 'repeated' : 'other-digest' };
  }
  if (own.status === 'expired') {
    // A node that went away, or was reloaded, but had finished in time, still counts while the unit can use it.
    const inTime =
      (own.reason === 'lost' || own.reason === 'bye') && event.at <= own.deadline && replicasNeeded(unit, policy) > 0;
    if (!inTime) return { unit, ignored: 'lease-expired' };
  } else if (event.at > own.deadline) {
    return { unit, ignored: 'lease-expired' };
  }
  const { reason: _reason, ...rest } = own;
  const replica: Replica = {
    ...rest,
    status: 'committed',
    attestation: event.attestation,
    resultDigest: digest,
    deadline: event.at + REVEAL_MS,
  };
  return { unit: { ...withReplica(unit, replica), status: 'issued' } };
}

function reveal(unit: WorkUnit, event: WorkUnitEvent & { type: 'revealed' }, policy: QuorumPolicy): WorkUnitStep {
  const own = unit.replicas.find((replica) => replica.nodeId === event.nodeId);
  if (own?.status === 'revealed') return { unit, ignored: 'repeated' };
  if (own?.status !== 'committed') return { unit, ignored: 'not-committed' };
  if (own.resultDigest !== event.digest) return { unit, ignored: 'other-digest' };
  const { near, sizeBytes, at } = event;
  return { unit: decide(withReplica(unit, { ...own, status: 'revealed', near, sizeBytes, revealedAt: at }), policy) };
}

function end(unit: WorkUnit, due: (replica: Replica) => string | undefined, policy: QuorumPolicy): WorkUnitStep {
  let changed = false;
  const replicas = unit.replicas.map((replica) => {
    const reason = due(replica);
    if (reason === undefined) return replica;
    changed = true;
    return expire(replica, reason);
  });
  return changed ? { unit: decide({ ...unit, replicas }, policy) } : { unit, ignored: 'nothing-due' };
}

/**
 * Applies one event to a unit. Pure: no clock, no order assumed; what is late, repeated or out of place is `ignored` with a
 * reason. Invariants (property-tested): one replica per node, results never exceed `maxReplicas`, nothing accepted below
 * quorum, accepted and failed are final.
 */
export function stepWorkUnit(unit: WorkUnit, event: WorkUnitEvent, policy: QuorumPolicy): WorkUnitStep {
  if (unit.status === 'accepted' || unit.status === 'failed') {
    const own = 'nodeId' in event ? unit.replicas.find((replica) => replica.nodeId === event.nodeId) : undefined;
    const known = event.type === 'committed' && own?.resultDigest === event.attestation.leaf.resultDigest;
    return { unit, ignored: known ? 'repeated' : 'terminal' };
  }
  switch (event.type) {
    case 'leased':
      return lease(unit, event, policy);
    case 'committed':
      return commit(unit, event, policy);
    case 'revealed':
      return reveal(unit, event, policy);
    case 'failed':
      return end(unit, (own) => (own.nodeId === event.nodeId && isLive(own) ? event.code : undefined), policy);
    case 'released':
      // What is committed stays: its bytes may already be on their way or here.
      return end(
        unit,
        (own) => (own.nodeId === event.nodeId && own.status === 'leased' ? event.reason : undefined),
        policy,
      );
    case 'ticked':
      return end(unit, (own) => (isLive(own) && own.deadline < event.at ? 'deadline' : undefined), policy);
    case 'withdrawn': {
      const replicas = unit.replicas.map((own) =>
        isLive(own) || own.status === 'revealed' ? expire(own, event.reason) : own,
      );
      return { unit: { ...unit, status: 'pending', replicas } };
    }
  }
}
