import type { NodeId } from '@reckon/protocol/base/ids';
import { toIsoTime } from '@reckon/protocol/base/time';
import { identityOf, isBarred, quotaLeft } from '@reckon/protocol/machine/identity';
import { isLeasable } from '@reckon/protocol/machine/stage';
import type { Job, ShardState } from '@reckon/protocol/machine/state';
import { mayComputeOn } from '@reckon/protocol/trust/energy';

/** Whether anything of the job could be given to somebody. */
const hasWork = (job: Job): boolean =>
  isLeasable(job) && job.started.size + job.fresh.size + job.unchecked.size + job.waiting.size + job.running.size > 0;

export const isWorkThere = (state: ShardState): boolean => {
  for (const job of state.jobs.values()) if (hasWork(job)) return true;
  return false;
};

/** Why nothing is given to a node now, in words for the volunteer's page (at most 120 characters). */
export function idleReason(state: ShardState, nodeId: NodeId): string {
  const node = state.nodes.get(nodeId);
  if (node === undefined) return 'the node has not joined yet';
  const identity = identityOf(state, node);
  const barredMs = state.constants?.trust.barredMs ?? 0;
  if (isBarred(identity, state.now, barredMs)) {
    const until = toIsoTime(Math.floor(((identity.caughtAt ?? 0) + barredMs) / 1000));
    return `a result of this node or its wallet was wrong; no work until ${until}`;
  }
  if (!mayComputeOn(node.capabilities.power)) return 'the device runs on its battery';
  if (quotaLeft(identity, state.now) === 0) return 'the quota of today is used up; right results raise it';
  if (node.backoffUntil > state.now) return 'a short pause after work that failed or came late';
  const jobs = [...state.jobs.values()].filter(hasWork);
  if (jobs.length === 0) return 'no job has open units';
  const own = new Set(node.capabilities.kernels.map(({ name }) => name));
  const able = jobs.filter((job) => job.spec.stages.some(({ kernel }) => own.has(kernel.name)));
  if (able.length === 0) return 'the open units need a kernel this node does not have';
  if (able.every((job) => job.started.size + job.fresh.size === 0)) {
    return 'what is left waits for results or checks of other nodes';
  }
  return 'the open units have enough nodes';
}
