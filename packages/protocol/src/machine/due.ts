import type { Millis } from '../base/units.ts';
import { chargeOf, owedTo } from './epoch.ts';
import { isJobOverdue } from './job.ts';
import { isGraceOver } from './node.ts';
import type { NodeRecord, ShardState } from './state.ts';
import { checkBy } from './unit-checks.ts';

/** Units on which one of the node's replicas has run out of time. */
export function* overdueUnits(state: ShardState, node: NodeRecord, at: Millis) {
  for (const { jobId, index } of node.held.values()) {
    const job = state.jobs.get(jobId);
    const unit = job?.units[index];
    const own = unit?.replicas.find((replica) => replica.nodeId === node.id);
    const live = own?.status === 'leased' || own?.status === 'committed';
    if (job !== undefined && unit !== undefined && live && own.deadline < at) yield { job, unit };
  }
}

/** Checks of the node's that have run out of time. */
export function* overdueChecks(state: ShardState, node: NodeRecord, at: Millis) {
  for (const { jobId, index } of node.checking.values()) {
    const job = state.jobs.get(jobId);
    const unit = job?.units[index];
    const own = unit && checkBy(unit, node.id);
    if (job !== undefined && unit !== undefined && own !== undefined && own.deadline < at) yield { job, unit };
  }
}

/** Whether a `clock.ticked` at `at` would change anything: a lease, a grace period or a job has run out. Pure. */
export function isTickDue(state: ShardState, at: Millis): boolean {
  for (const job of state.jobs.values()) if (isJobOverdue(job, at)) return true;
  for (const node of state.nodes.values()) {
    if (isGraceOver(state, node, at)) return true;
    if (node.held.size > 0) for (const _unit of overdueUnits(state, node, at)) return true;
    if (node.checking.size > 0) for (const _unit of overdueChecks(state, node, at)) return true;
  }
  return false;
}

/** Whether there is anything to seal into an epoch now: a job to charge or close, or a reward to enter for a wallet. Pure. */
export function isEpochDue(state: ShardState): boolean {
  for (const job of state.jobs.values()) if (chargeOf(job) !== undefined) return true;
  for (const node of state.nodes.values()) if (owedTo(state, node, state.now) > 0n) return true;
  return state.refunds.size > 0;
}
