import type { WorkUnitId } from '../base/ids.ts';
import type { Effects } from './effects.ts';
import { isAmong, isLikelySame } from './identity.ts';
import type { NodeRecord, ShardState } from './state.ts';
import { stepUnit } from './trust.ts';

/**
 * A node has linked a wallet, or come back from another network, and is now known to be the same person's as others: what
 * it has in hand of units in which they have a part does not count, or one person would agree with themself.
 */
export function dropTwins(state: ShardState, node: NodeRecord, effects: Effects): void {
  const ids = new Set<WorkUnitId>();
  for (const other of state.nodes.values()) {
    if (!isLikelySame(state, node, other)) continue;
    for (const id of [...other.held.keys(), ...other.checking.keys()]) ids.add(id);
  }
  for (const id of ids) {
    const place = state.units.get(id);
    const job = place && state.jobs.get(place.jobId);
    const unit = place && job?.units[place.index];
    if (job === undefined || unit === undefined) continue;
    const parts = [
      ...unit.replicas.flatMap(({ nodeId, status }) => (status === 'expired' ? [] : [nodeId])),
      ...unit.checks.flatMap(({ checker, status }) => (status === 'expired' ? [] : [checker])),
    ].filter((nodeId) => nodeId !== node.id);
    if (isAmong(state, node, parts)) stepUnit(state, job, unit, { type: 'dropped', nodeId: node.id }, effects);
  }
}
