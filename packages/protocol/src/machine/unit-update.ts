import type { StageSpec } from '../model/job-spec.ts';
import { type Effects, offer, send } from './effects.ts';
import { splitReward } from './reward.ts';
import type { Job, Replica, ShardState, WorkUnit } from './state.ts';
import { replicasNeeded } from './work-unit.ts';

export const stageOf = (job: Job): StageSpec => job.spec.stages[0] as StageSpec;

/** Whether a job's units may be leased. */
export const isLeasable = (job: Job): boolean => job.status === 'funded' || job.status === 'running';

/** Puts a stepped unit in its place: counts, queues, what its nodes hold, what they are told, what was earned. */
export function applyUnit(state: ShardState, job: Job, before: WorkUnit, stepped: WorkUnit, effects: Effects): void {
  let after = stepped;
  const accepted = before.status !== 'accepted' && after.status === 'accepted';
  if (accepted) after = payUnit(state, job, after);
  job.units[after.index] = after;
  job.counts[before.status] -= 1;
  job.counts[after.status] += 1;
  queueUnit(job, after, effects);
  effects.changes.push({ type: 'unit', jobId: job.id, index: after.index });
  for (const replica of after.replicas) {
    const old = before.replicas.find((other) => other.nodeId === replica.nodeId);
    if (old?.status !== replica.status) noteReplica(state, job, after, replica, old, effects);
  }
}

/** Keeps the job's two queues of units that can use another lease. */
export function queueUnit(job: Job, unit: WorkUnit, effects: Effects): void {
  const needed = replicasNeeded(unit, stageOf(job).policy);
  const queue = unit.status === 'pending' ? job.fresh : job.started;
  const other = unit.status === 'pending' ? job.started : job.fresh;
  other.delete(unit.index);
  if (needed === 0) {
    queue.delete(unit.index);
  } else if (!queue.has(unit.index)) {
    queue.add(unit.index);
    if (isLeasable(job)) offer(effects);
  }
}

/** Credits and rewards of an accepted unit, noted on its replicas; conservation: shares and fee are the unit's price. */
function payUnit(state: ShardState, job: Job, unit: WorkUnit): WorkUnit {
  const stage = stageOf(job);
  const agreed = unit.replicas.filter((replica) => replica.status === 'agreed');
  const { shares } = splitReward(
    stage.pricePerUnit,
    state.constants?.feeBps ?? 0,
    agreed.map(({ nodeId, revealedAt }) => ({ nodeId, revealedAt: revealedAt ?? 0 })),
  );
  job.spent += stage.pricePerUnit;
  state.totals.accepted += 1;
  for (const replica of agreed) {
    const reward = shares.get(replica.nodeId) ?? 0n;
    const node = state.nodes.get(replica.nodeId);
    if (node !== undefined) {
      node.credits += stage.creditsPerUnit;
      node.earned += reward;
    }
    state.totals.earned += reward;
    state.openReceipts.push({
      workUnitId: unit.id,
      jobId: job.id,
      nodeId: replica.nodeId,
      resultDigest: replica.resultDigest as NonNullable<Replica['resultDigest']>,
      reward,
      credits: stage.creditsPerUnit,
      epoch: 0,
    });
  }
  const replicas = unit.replicas.map((replica) => {
    const reward = shares.get(replica.nodeId);
    return reward === undefined ? replica : { ...replica, reward };
  });
  return { ...unit, replicas };
}

const DECIDED = new Set(['agreed', 'disagreed', 'expired']);

/** Keeps the node's record and tells the node what became of its replica. */
function noteReplica(
  state: ShardState,
  job: Job,
  unit: WorkUnit,
  replica: Replica,
  old: Replica | undefined,
  effects: Effects,
): void {
  const node = state.nodes.get(replica.nodeId);
  if (node === undefined) return;
  effects.changes.push({ type: 'node', nodeId: node.id });
  if (!DECIDED.has(replica.status)) {
    node.held.set(unit.id, { jobId: job.id, index: unit.index });
    return;
  }
  node.held.delete(unit.id);
  if (replica.status === 'agreed') node.counts.agreed += 1;
  if (replica.status === 'disagreed') node.counts.disagreed += 1;
  if (replica.status === 'agreed' || replica.status === 'disagreed') state.totals.checked += 1;
  if (replica.status === 'disagreed') state.totals.disagreed += 1;
  const unneeded = replica.status === 'expired' && replica.reason !== 'deadline';
  if (replica.status === 'expired' && !unneeded) node.counts.expired += 1;
  // A node that went away or gave the unit up knows; one that was working is told to stop.
  if (old?.status === 'leased' && unneeded) {
    if (replica.reason === 'not-needed' || replica.reason === 'job-ended') {
      send(effects, node.id, { type: 'revoked', workUnitId: unit.id, reason: replica.reason });
    }
    return;
  }
  send(effects, node.id, verdictOf(job, unit, replica));
}

/** What a node is told of a decided replica. */
export function verdictOf(job: Job, unit: WorkUnit, replica: Replica) {
  const verdict =
    replica.status === 'agreed' || replica.status === 'disagreed'
      ? replica.status
      : replica.reason === 'deadline'
        ? ('expired' as const)
        : ('not-needed' as const);
  const credits = verdict === 'agreed' ? stageOf(job).creditsPerUnit : 0;
  return {
    type: 'verdict' as const,
    workUnitId: unit.id,
    jobId: job.id,
    verdict,
    credits,
    reward: replica.reward ?? 0n,
  };
}
