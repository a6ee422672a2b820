import { toIsoTime } from '../base/time.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import { unitBlobs, unitInputDigest } from '../model/job-spec.ts';
import type { UnitSpec } from '../model/job-spec.ts';
import type { Lease } from '../wire/messages.ts';
import { assign, mayCompute } from './assign.ts';
import type { StepResult } from './commands.ts';
import { createEffects, type Effects, ignore, refuse, send } from './effects.ts';
import { settleJob } from './job.ts';
import { feeOf } from './reward.ts';
import type { Job, NodeRecord, Replica, ShardState } from './state.ts';
import { applyUnit, stageOf } from './unit-update.ts';
import { stepWorkUnit } from './work-unit.ts';

/** Enters or re-enters a node, and repeats the leases it still holds, so that it can go on after a reload. */
export function joinNode(state: ShardState, event: ShardEventOf<'node.joined'>): StepResult {
  const { nodeId, kind, agent, capabilities, consent, at } = event;
  const effects = createEffects();
  const known = state.nodes.get(nodeId);
  const node: NodeRecord = known ?? {
    id: nodeId,
    kind,
    agent,
    capabilities,
    consentSite: consent.site,
    consentExpiresAt: consent.expiresAt,
    joinedAt: at,
    held: new Map(),
    counts: { agreed: 0, disagreed: 0, expired: 0 },
    credits: 0,
    earned: 0n,
    sealed: 0n,
    settled: 0n,
  };
  Object.assign(node, { kind, agent, capabilities, consentSite: consent.site, consentExpiresAt: consent.expiresAt });
  delete node.left;
  state.nodes.set(nodeId, node);
  for (const { job, index, replica } of heldReplicas(state, node)) {
    if (replica.status === 'leased') send(effects, nodeId, leaseMessage(state, job, index, replica.deadline - at));
  }
  effects.changes.push({ type: 'node', nodeId });
  return effects;
}

function* heldReplicas(state: ShardState, node: NodeRecord): Generator<{ job: Job; index: number; replica: Replica }> {
  for (const { jobId, index } of [...node.held.values()]) {
    const job = state.jobs.get(jobId);
    const replica = job?.units[index]?.replicas.find((own) => own.nodeId === node.id);
    if (job !== undefined && replica !== undefined) yield { job, index, replica };
  }
}

/** A node that says goodbye returns its leases at once; one that is lost keeps them for the grace period. */
export function leaveNode(state: ShardState, event: ShardEventOf<'node.left'>): StepResult {
  const node = state.nodes.get(event.nodeId);
  if (node === undefined || node.left !== undefined) return ignore('node-not-here');
  const effects = createEffects();
  node.left = { at: event.at, how: event.how };
  if (event.how === 'bye') releaseLeases(state, node, 'bye', event.at, effects);
  effects.changes.push({ type: 'node', nodeId: node.id });
  return effects;
}

export function releaseLeases(state: ShardState, node: NodeRecord, reason: string, at: number, effects: Effects): void {
  for (const { job, index, replica } of heldReplicas(state, node)) {
    if (replica.status !== 'leased') continue;
    const unit = job.units[index] as Job['units'][number];
    const step = stepWorkUnit(unit, { type: 'released', nodeId: node.id, reason }, stageOf(job).policy);
    if (step.ignored !== undefined) continue;
    applyUnit(state, job, unit, step.unit, effects);
    node.held.delete(unit.id);
    settleJob(state, job, at, effects);
  }
}

/** Whether the grace period of a lost node is over while it still holds leases. */
export function isGraceOver(state: ShardState, node: NodeRecord, at: number): boolean {
  if (node.left?.how !== 'lost' || at < node.left.at + (state.constants?.graceMs ?? 0)) return false;
  for (const { replica } of heldReplicas(state, node)) if (replica.status === 'leased') return true;
  return false;
}

export function delegateNode(state: ShardState, event: ShardEventOf<'node.delegated'>): StepResult {
  const node = state.nodes.get(event.nodeId);
  if (node === undefined) return refuse('NODE_UNKNOWN', { nodeId: event.nodeId });
  const effects = createEffects();
  node.payout = { address: event.payoutAddress, expiry: event.expiry };
  send(effects, node.id, { type: 'delegated', payoutAddress: event.payoutAddress });
  effects.changes.push({ type: 'node', nodeId: node.id });
  return effects;
}

/** Leases what `assign` chooses. */
export function askNode(state: ShardState, event: ShardEventOf<'node.asked'>): StepResult {
  const { nodeId, at } = event;
  const node = state.nodes.get(nodeId);
  if (node === undefined) return refuse('NODE_UNKNOWN', { nodeId });
  if (!mayCompute(state, node)) {
    const expiredAt = toIsoTime(node.consentExpiresAt);
    return node.left === undefined ? refuse('CONSENT_EXPIRED', { expiredAt }) : ignore('node-not-here');
  }
  const chosen = assign(state, nodeId, event.slots, event.draw);
  if (chosen.length === 0) return ignore('nothing-to-lease');
  const effects = createEffects();
  for (const { job, index } of chosen) {
    const stage = stageOf(job);
    const unit = job.units[index] as Job['units'][number];
    const step = stepWorkUnit(unit, { type: 'leased', nodeId, at, leaseMs: stage.leaseMs }, stage.policy);
    if (step.ignored !== undefined) continue;
    applyUnit(state, job, unit, step.unit, effects);
    job.nodes.add(nodeId);
    if (job.status === 'funded') {
      job.status = 'running';
      job.firstLeaseAt ??= at;
    }
    settleJob(state, job, at, effects);
    send(effects, nodeId, leaseMessage(state, job, index, stage.leaseMs));
  }
  return effects;
}

function leaseMessage(state: ShardState, job: Job, index: number, leaseMs: number): Lease {
  const stage = stageOf(job);
  const spec = stage.units[index] as UnitSpec;
  const pool = stage.pricePerUnit - feeOf(stage.pricePerUnit, state.constants?.feeBps ?? 0);
  return {
    type: 'lease',
    workUnitId: (job.units[index] as Job['units'][number]).id,
    jobId: job.id,
    index,
    units: job.units.length,
    title: job.spec.title,
    requesterLabel: job.spec.requesterLabel,
    kernel: stage.kernel,
    params: spec.params,
    blobs: unitBlobs(stage, spec),
    inputDigest: unitInputDigest(stage, spec),
    leaseMs: Math.max(0, leaseMs),
    credits: stage.creditsPerUnit,
    // The exact share is only known at acceptance; the remainder of the division may go to this node.
    reward: pool / BigInt(stage.policy.quorum),
  };
}
