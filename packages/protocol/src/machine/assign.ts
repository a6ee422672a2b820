import type { NodeId } from '../base/ids.ts';
import { kernelKey } from '../model/kernel-manifest.ts';
import type { Job, NodeRecord, ShardState } from './state.ts';
import { isLeasable, stageOf } from './unit-update.ts';
import { mayLease } from './work-unit.ts';

/** Replicas a node computes or has not yet delivered; those count against its slots. */
function leasedCount(state: ShardState, node: NodeRecord): number {
  let count = 0;
  for (const { jobId, index } of node.held.values()) {
    const replica = state.jobs.get(jobId)?.units[index]?.replicas.find((own) => own.nodeId === node.id);
    if (replica?.status === 'leased') count += 1;
  }
  return count;
}

/** Whether the node is here, agreed to compute, and its consent still runs. */
export const mayCompute = (state: ShardState, node: NodeRecord): boolean =>
  node.left === undefined && node.consentExpiresAt * 1000 > state.now;

function* openUnits(job: Job, node: NodeRecord): Generator<number> {
  for (const queue of [job.started, job.fresh]) {
    for (const index of queue) {
      const unit = job.units[index];
      if (unit !== undefined && mayLease(unit, node.id)) yield index;
    }
  }
}

/**
 * The units `node.asked` would lease to this node now, at most `slots` in all with those it holds. Jobs take turns, the
 * first one chosen by `draw`; within a job, units that others have begun come first, so that they are decided soon.
 * Pure: changes nothing.
 */
export function assign(state: ShardState, nodeId: NodeId, slots: number, draw: number): { job: Job; index: number }[] {
  const node = state.nodes.get(nodeId);
  if (node === undefined || !mayCompute(state, node)) return [];
  const free = slots - leasedCount(state, node);
  if (free <= 0) return [];
  const kernels = new Set(node.capabilities.kernels.map(kernelKey));
  const jobs = [...state.jobs.values()].filter(
    (job) => isLeasable(job) && job.started.size + job.fresh.size > 0 && kernels.has(kernelKey(stageOf(job).kernel)),
  );
  const first = jobs.length === 0 ? 0 : draw % jobs.length;
  let turns = [...jobs.slice(first), ...jobs.slice(0, first)].map((job) => ({ job, units: openUnits(job, node) }));
  const chosen: { job: Job; index: number }[] = [];
  while (turns.length > 0) {
    const next: typeof turns = [];
    for (const turn of turns) {
      const unit = turn.units.next();
      if (unit.done) continue;
      chosen.push({ job: turn.job, index: unit.value });
      if (chosen.length === free) return chosen;
      next.push(turn);
    }
    turns = next;
  }
  return chosen;
}
