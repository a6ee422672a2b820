import { toIsoTime } from '../base/time.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import { type UnitSpec, unitBlobs, unitInputDigest } from '../model/job-spec.ts';
import { leaseMsFor, NO_DURATIONS } from '../trust/durations.ts';
import { FIRST_BATCH } from '../trust/unit-size.ts';
import type { Lease } from '../wire/messages.ts';
import { accountOf } from './account.ts';
import { assign, isConsenting, leasedCount } from './assign.ts';
import type { Candidate } from './candidates.ts';
import type { StepResult } from './commands.ts';
import { dropTwins } from './drop-twins.ts';
import { createEffects, type Effects, ignore, refuse, send } from './effects.ts';
import { enterIdentity, identityIdOf, identityOf, noteLease } from './identity.ts';
import { moveIdentity } from './move-identity.ts';
import { checkWeight, feeOf, WHOLE_WEIGHT } from './reward.ts';
import { judgeTerms, stageOf } from './stage.ts';
import type { Job, NodeRecord, Replica, ShardState, WorkUnit } from './state.ts';
import { stepUnit } from './trust.ts';
import { checkBy, subjectOf } from './unit-checks.ts';

/** Enters or re-enters a node, and repeats the leases it still holds, so that it can go on after a reload. */
export function joinNode(state: ShardState, event: ShardEventOf<'node.joined'>): StepResult | Effects {
  const { nodeId, kind, agent, capabilities, consent, network, at } = event;
  const effects = createEffects();
  const known = state.nodes.get(nodeId);
  const node: NodeRecord = known ?? {
    id: nodeId,
    kind,
    agent,
    capabilities,
    network,
    consentSite: consent.site,
    consentExpiresAt: consent.expiresAt,
    joinedAt: at,
    held: new Map(),
    checking: new Map(),
    lacks: new Set(),
    counts: { agreed: 0, disagreed: 0, expired: 0 },
    failures: 0,
    backoffUntil: 0,
    batch: FIRST_BATCH,
    lastCommitAt: 0,
    credits: 0,
    earned: 0n,
    sealed: 0n,
    settled: 0n,
    unsettled: new Map(),
  };
  const { site: consentSite, expiresAt: consentExpiresAt } = consent;
  Object.assign(node, { kind, agent, capabilities, network, consentSite, consentExpiresAt });
  if (known === undefined || node.left !== undefined) state.online += 1;
  delete node.left;
  state.nodes.set(nodeId, node);
  enterIdentity(state, node);
  if (node.held.size + node.checking.size > 0) dropTwins(state, node, effects);
  for (const { job, index, replica } of heldReplicas(state, node)) {
    if (replica.status === 'leased') send(effects, nodeId, leaseMessage(state, job, index, replica.deadline - at));
  }
  for (const { jobId, index } of node.checking.values()) {
    const job = state.jobs.get(jobId);
    const check = job?.units[index] && checkBy(job.units[index], nodeId);
    if (job === undefined || check === undefined) continue;
    send(effects, nodeId, leaseMessage(state, job, index, check.deadline - at, check.chunks));
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
export function leaveNode(state: ShardState, event: ShardEventOf<'node.left'>): StepResult | Effects {
  const node = state.nodes.get(event.nodeId);
  if (node === undefined || node.left !== undefined) return ignore('node-not-here');
  const effects = createEffects();
  node.left = { at: event.at, how: event.how };
  state.online -= 1;
  if (event.how === 'bye') releaseLeases(state, node, 'bye', effects);
  effects.changes.push({ type: 'node', nodeId: node.id });
  return effects;
}

export function releaseLeases(state: ShardState, node: NodeRecord, reason: string, effects: Effects): void {
  for (const { job, index, replica } of heldReplicas(state, node)) {
    if (replica.status !== 'leased') continue;
    const unit = job.units[index] as WorkUnit;
    if (stepUnit(state, job, unit, { type: 'released', nodeId: node.id, reason }, effects)) node.held.delete(unit.id);
  }
  for (const { jobId, index } of [...node.checking.values()]) {
    const job = state.jobs.get(jobId);
    const unit = job?.units[index];
    if (job && unit) stepUnit(state, job, unit, { type: 'check-ended', nodeId: node.id }, effects);
  }
}

/** Whether the grace period of a lost node is over while it still holds leases. */
export function isGraceOver(state: ShardState, node: NodeRecord, at: number): boolean {
  if (node.left?.how !== 'lost' || at < node.left.at + (state.constants?.graceMs ?? 0)) return false;
  for (const { replica } of heldReplicas(state, node)) if (replica.status === 'leased') return true;
  return node.checking.size > 0;
}

export function delegateNode(state: ShardState, event: ShardEventOf<'node.delegated'>): StepResult | Effects {
  const node = state.nodes.get(event.nodeId);
  if (node === undefined) return refuse('NODE_UNKNOWN', { nodeId: event.nodeId });
  const effects = createEffects();
  const before = identityOf(state, node);
  node.payout = { address: event.payoutAddress, expiry: event.expiry };
  moveIdentity(state, node, before);
  dropTwins(state, node, effects);
  send(effects, node.id, { type: 'delegated', payoutAddress: event.payoutAddress });
  effects.changes.push({ type: 'node', nodeId: node.id });
  return effects;
}

/** Leases what `assign` chooses. */
export function askNode(state: ShardState, event: ShardEventOf<'node.asked'>): StepResult | Effects {
  const { nodeId, at } = event;
  const node = state.nodes.get(nodeId);
  if (node === undefined) return refuse('NODE_UNKNOWN', { nodeId });
  if (!isConsenting(state, node)) {
    const expiredAt = toIsoTime(node.consentExpiresAt);
    return node.left === undefined ? refuse('CONSENT_EXPIRED', { expiredAt }) : ignore('node-not-here');
  }
  const chosen = assign(state, nodeId, event.slots, event.draw, event.rttMs);
  if (chosen.length === 0) return ignore('nothing-to-lease');
  const effects = createEffects();
  let ahead = leasedCount(state, node);
  for (const candidate of chosen) {
    if (!leaseCandidate(state, node, candidate, at, ahead, effects)) continue;
    ahead += 1;
    // Checks are small, and there may be many of them for each result.
    if (candidate.kind !== 'check') noteLease(enterIdentity(state, node), at);
    if (candidate.kind === 'canary') state.totals.canaries += 1;
    const { job } = candidate;
    job.nodes.add(nodeId);
    if (job.status === 'funded') {
      job.status = 'running';
      job.firstLeaseAt ??= at;
    }
  }
  return effects;
}

function leaseCandidate(
  state: ShardState,
  node: NodeRecord,
  candidate: Candidate,
  at: number,
  ahead: number,
  effects: Effects,
): boolean {
  const { job, index } = candidate;
  const unit = job.units[index] as WorkUnit;
  const leaseMs = leaseMsOf(state, job, node, ahead);
  if (candidate.kind === 'check') {
    const { subject, chunks } = candidate;
    const by = identityIdOf(state, node);
    const leased = { type: 'check-leased' as const, nodeId: node.id, by, subject, chunks, at, leaseMs };
    if (!stepUnit(state, job, unit, leased, effects)) return false;
    send(effects, node.id, leaseMessage(state, job, index, leaseMs, chunks));
    return true;
  }
  const extra = candidate.kind === 'replica' ? {} : { extra: candidate.kind };
  if (!stepUnit(state, job, unit, { type: 'leased', nodeId: node.id, at, leaseMs, ...extra }, effects)) return false;
  send(effects, node.id, leaseMessage(state, job, index, leaseMs));
  return true;
}

/** Three times what nearly all units of the job take on this class of device, after those the node has in line. */
function leaseMsOf(state: ShardState, job: Job, node: NodeRecord, ahead: number): number {
  const capMs = stageOf(job).leaseMs;
  const seen = state.durations.get(`${job.id} ${node.capabilities.deviceClass}`) ?? NO_DURATIONS;
  const inLine = ahead * (accountOf(state, node, job).meanMs ?? 0);
  return Math.round(leaseMsFor(seen, { capMs }) + Math.min(inLine, capMs));
}

function leaseMessage(state: ShardState, job: Job, index: number, leaseMs: number, chunks?: readonly number[]): Lease {
  const stage = stageOf(job);
  const spec = stage.units[index] as UnitSpec;
  const unit = job.units[index] as WorkUnit;
  const pool = stage.pricePerUnit - feeOf(stage.pricePerUnit, state.constants?.feeBps ?? 0);
  const { votes } = judgeTerms(state, job).rules;
  // The exact share is only known at acceptance; a remainder of the division may go to this node.
  const of = subjectOf(unit)?.chunks?.count ?? 1;
  const whole = BigInt(WHOLE_WEIGHT);
  const part = chunks === undefined ? whole : BigInt(checkWeight(chunks.length, of));
  const total = whole * BigInt(votes);
  return {
    type: 'lease',
    workUnitId: unit.id,
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
    credits: chunks === undefined ? stage.creditsPerUnit : Math.round((stage.creditsPerUnit * chunks.length) / of),
    reward: (pool * part) / total,
    ...(chunks === undefined ? {} : { chunks: [...chunks] }),
  };
}
