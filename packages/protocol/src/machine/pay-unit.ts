import { checkWeight, creditsOf, type RewardPart, splitReward, WHOLE_WEIGHT } from './reward.ts';
import { stageOf } from './stage.ts';
import type { Check, Job, Replica, ShardState, WorkUnit } from './state.ts';
import { replicaOf } from './unit-view.ts';

const STRONGER = new Set(['sample', 'certificate', 'audit']);

/** Chunks of its subject's result, to weigh a check by. */
const weightOf = (unit: WorkUnit, check: Check): number =>
  checkWeight(check.chunks.length, replicaOf(unit, check.subject)?.chunks?.count ?? check.chunks.length);

/** Credits and rewards of an accepted unit, noted on its replicas and checks; conservation: shares and fee are the unit's price. */
export function payUnit(state: ShardState, job: Job, unit: WorkUnit): WorkUnit {
  const stage = stageOf(job);
  const agreed = unit.replicas.filter((replica) => replica.status === 'agreed');
  const passed = unit.checks.filter((check) => check.status === 'passed');
  const parts: RewardPart[] = [
    ...agreed.map(({ nodeId, revealedAt }) => ({ nodeId, weight: WHOLE_WEIGHT, at: revealedAt ?? 0 })),
    ...passed.map((check) => ({ nodeId: check.checker, weight: weightOf(unit, check), at: check.leasedAt })),
  ];
  const { shares } = splitReward(stage.pricePerUnit, state.constants?.feeBps ?? 0, parts);
  job.spent += stage.pricePerUnit;
  const { totals } = state;
  totals.accepted += 1;
  if (unit.verdict !== undefined && STRONGER.has(unit.verdict.by)) totals.verified += 1;
  for (const [nodeId, reward] of shares) {
    const weight = parts.reduce((sum, part) => (part.nodeId === nodeId ? sum + part.weight : sum), 0);
    const credits = creditsOf(stage.creditsPerUnit, weight);
    const node = state.nodes.get(nodeId);
    if (node !== undefined) {
      node.credits += credits;
      node.earned += reward;
    }
    totals.earned += reward;
    state.openReceipts.push({
      workUnitId: unit.id,
      jobId: job.id,
      nodeId,
      resultDigest: unit.canonical as NonNullable<WorkUnit['canonical']>,
      reward,
      credits,
      epoch: 0,
    });
  }
  const replicas = unit.replicas.map((replica): Replica => {
    const reward = replica.status === 'agreed' ? shares.get(replica.nodeId) : undefined;
    return reward === undefined ? replica : { ...replica, reward };
  });
  const checks = unit.checks.map((check): Check => {
    const reward = check.status === 'passed' ? shares.get(check.checker) : undefined;
    return reward === undefined ? check : { ...check, reward };
  });
  return { ...unit, replicas, checks };
}
