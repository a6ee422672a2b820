import type { Hash, NodeId } from '../base/ids.ts';
import type { PolicyRules } from '../trust/policy-rules.ts';
import { type Group, groupVotes } from '../trust/quorum.ts';
import type { Replica, WorkUnit } from './state.ts';

/** Questions about a unit that change nothing. */

/** Reasons after which the same node may lease the unit again and the place is free: it went away, it did not fail. */
const RELEASABLE = new Set(['bye', 'lost', 'deadline', 'same-person']);

export const isLive = (replica: Replica): boolean => replica.status === 'leased' || replica.status === 'committed';
export const isTerminal = (unit: WorkUnit): boolean => unit.status === 'accepted' || unit.status === 'failed';
/** Nothing more can change its result: it is final, or chosen and about to be opened. */
export const isDecided = (unit: WorkUnit): boolean => isTerminal(unit) || unit.decided !== undefined;
const hasFailed = (replica: Replica): boolean => replica.status === 'expired' && !RELEASABLE.has(replica.reason ?? '');

export const replicaOf = (unit: WorkUnit, nodeId: NodeId): Replica | undefined =>
  unit.replicas.find((replica) => replica.nodeId === nodeId);

export const revealedOf = (unit: WorkUnit): Replica[] =>
  unit.replicas.filter((replica) => replica.status === 'revealed');

/** Whether this node may be leased the unit, as far as its own replica goes. */
export function mayLease(unit: WorkUnit, nodeId: NodeId): boolean {
  const own = replicaOf(unit, nodeId);
  return own === undefined || (own.status === 'expired' && !hasFailed(own));
}

export function groupsOf(unit: WorkUnit): Group[] {
  return groupVotes(revealedOf(unit).map(({ nodeId, tag, near }) => ({ nodeId, tag: tag as Hash, near })));
}

/** Whether results of the unit differ by more than its kernel allows. */
export const isDisputed = (groups: readonly Group[], unit: WorkUnit): boolean =>
  groups.length > 1 && (groups[0]?.members.length ?? 0) < revealedOf(unit).length;

/** Results taken and still possible under the policy's cap. */
export function outlook(unit: WorkUnit, rules: PolicyRules): { live: number; free: number } {
  let live = 0;
  let used = 0;
  for (const replica of unit.replicas) {
    if (isLive(replica)) live += 1;
    else if (replica.status !== 'expired' || hasFailed(replica)) used += 1;
  }
  return { live, free: rules.maxReplicas - used - live };
}

/** How many more leases the unit can use now, if all live replicas agree with the largest group. */
export function replicasNeeded(unit: WorkUnit, rules: PolicyRules): number {
  if (isDecided(unit) || unit.referee !== undefined) return 0;
  const groups = groupsOf(unit);
  const best = groups[0]?.members.length ?? 0;
  const { live, free } = outlook(unit, rules);
  const doubt = rules.epsilon !== undefined && isDisputed(groups, unit) ? best + 1 : 0;
  const wanted = Math.max(unit.target, rules.votes, doubt);
  return Math.max(0, Math.min(wanted - best - live, free));
}

/** Whether a result waits for its node's credibility, and another replica could help. */
export function mayRecheck(unit: WorkUnit, rules: PolicyRules): boolean {
  if (rules.epsilon === undefined || isDecided(unit) || unit.referee !== undefined) return false;
  const { live, free } = outlook(unit, rules);
  return live === 0 && free > 0 && unit.replicas.some((replica) => replica.status === 'revealed');
}
