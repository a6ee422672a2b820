import type { NodeId } from '../base/ids.ts';
import type { Millis } from '../base/units.ts';
import { kernelKey } from '../model/kernel-manifest.ts';
import { intensityAt, mayComputeOn } from '../trust/energy.ts';
import { lowerQuantile } from '../trust/reputation.ts';
import { score } from '../trust/score.ts';
import { unitsAhead } from '../trust/unit-size.ts';
import { accountOf } from './account.ts';
import { canaries, type Candidate, candidates } from './candidates.ts';
import { identityOf, isBarred, quotaLeft } from './identity.ts';
import { isLeasable, stageOf } from './stage.ts';
import type { Job, NodeRecord, ShardState } from './state.ts';

/** Replicas and checks a node computes or has not yet delivered; those count against its slots. */
export function leasedCount(state: ShardState, node: NodeRecord): number {
  let count = node.checking.size;
  for (const { jobId, index } of node.held.values()) {
    const replica = state.jobs.get(jobId)?.units[index]?.replicas.find((own) => own.nodeId === node.id);
    if (replica?.status === 'leased') count += 1;
  }
  return count;
}

/** Whether the node is here, agreed to compute, and its consent still runs. */
export const isConsenting = (state: ShardState, node: NodeRecord): boolean =>
  node.left === undefined && node.consentExpiresAt * 1000 > state.now;

/** Whether it may be given anything now: not on battery, not waiting after failures, not barred, within its day's quota. */
export function isEligible(state: ShardState, node: NodeRecord, at: Millis): boolean {
  const identity = identityOf(state, node);
  const barredMs = state.constants?.trust.barredMs ?? 0;
  return (
    mayComputeOn(node.capabilities.power) &&
    node.backoffUntil <= at &&
    !isBarred(identity, at, barredMs) &&
    quotaLeft(identity, at) > 0
  );
}

const hasWork = (job: Job): boolean =>
  job.started.size + job.fresh.size + job.unchecked.size + job.waiting.size + job.running.size > 0;

/** How long a job that wants green power keeps units from nodes while a greener one is idle. */
const GREEN_WAIT_MS = 20_000;

/** A job that asks for the greenest nodes leaves the others waiting a while, if a greener one has nothing to do. */
function waitsForGreener(state: ShardState, job: Job, node: NodeRecord): boolean {
  if (stageOf(job).prefer !== 'greenest' || state.now - (job.fundedAt ?? 0) > GREEN_WAIT_MS) return false;
  const own = intensityAt(node.capabilities.power, state.now);
  const kernel = kernelKey(stageOf(job).kernel);
  for (const other of state.nodes.values()) {
    const idle = other.left === undefined && other.held.size === 0 && other.id !== node.id;
    if (!idle || intensityAt(other.capabilities.power, state.now) >= own) continue;
    if (other.capabilities.kernels.some((ref) => kernelKey(ref) === kernel) && isEligible(state, other, state.now)) {
      return true;
    }
  }
  return false;
}

function scoreOf(state: ShardState, job: Job, node: NodeRecord, rttMs: Millis): number {
  const { memoryMb, power } = node.capabilities;
  const account = accountOf(state, node, job);
  return score({
    memoryFits: memoryMb === 0 || memoryMb >= job.kernel.memoryMb,
    deviceClassPreferred: true,
    cachedModel: job.nodes.has(node.id),
    expectedMs: account.meanMs ?? 0,
    latencyMs: rttMs,
    reliability: lowerQuantile(account.reputation),
    late: job.fresh.size === 0,
    gramsCo2PerKwh: intensityAt(power, state.now),
    greenest: stageOf(job).prefer === 'greenest',
    waitedMs: state.now - (job.fundedAt ?? state.now),
  });
}

/** Units of a slot that fill some seconds, but never more than a fair share of what is left. */
function freeSlots(state: ShardState, node: NodeRecord, slots: number, jobs: readonly Job[]): number {
  const held = leasedCount(state, node);
  const open = jobs.reduce((sum, job) => sum + job.fresh.size + job.started.size, 0);
  const fair = Math.max(slots, Math.ceil(open / (2 * Math.max(1, state.online))));
  return Math.min(128, slots * unitsAhead(node.batch), fair) - held;
}

/**
 * What `node.asked` would lease to this node now, at most `slots` times the units that fill some seconds on it. Jobs take
 * turns in the order of their score; equal ones in an order chosen by `draw`, which also chooses canaries. Pure.
 */
export function assign(state: ShardState, nodeId: NodeId, slots: number, draw: number, rttMs: Millis = 0): Candidate[] {
  const node = state.nodes.get(nodeId);
  if (node === undefined || !isConsenting(state, node) || !isEligible(state, node, state.now)) return [];
  const kernels = new Set(node.capabilities.kernels.map(kernelKey));
  const able = [...state.jobs.values()].filter((job) => {
    const { kernel } = stageOf(job);
    return (
      isLeasable(job) &&
      hasWork(job) &&
      kernels.has(kernelKey(kernel)) &&
      !node.lacks.has(kernel.name) &&
      !node.lacks.has(job.id)
    );
  });
  const identity = identityOf(state, node);
  const free = Math.min(freeSlots(state, node, slots, able), quotaLeft(identity, state.now));
  if (free <= 0 || able.length === 0) return [];
  const first = draw % able.length;
  const jobs = [...able.slice(first), ...able.slice(0, first)]
    .filter((job) => !waitsForGreener(state, job, node))
    .map((job) => ({ job, points: able.length === 1 ? 0 : scoreOf(state, job, node, rttMs) }))
    .filter(({ job, points }) => points > Number.NEGATIVE_INFINITY && memoryFits(job, node))
    .sort((a, b) => b.points - a.points)
    .map(({ job }) => job);
  const chosen: Candidate[] = [];
  const taken = new Set<string>();
  const take = (candidate: Candidate): boolean => {
    const key = `${candidate.job.id} ${candidate.index}`;
    if (taken.has(key)) return false;
    taken.add(key);
    return chosen.push(candidate) > 0;
  };
  // In the place of a unit, never of a check: a node is given many more checks than units.
  let canary = wantsCanary(state, node, draw);
  let turns = jobs.map((job) => candidates(state, job, node));
  while (turns.length > 0 && chosen.length < free) {
    const next: typeof turns = [];
    for (const turn of turns) {
      const found = turn.next();
      if (found.done === true) continue;
      if (canary && found.value.kind === 'replica') {
        canary = false;
        const known = firstCanary(state, jobs, node);
        if (known !== undefined && take(known) && chosen.length === free) return chosen;
      }
      take(found.value);
      if (chosen.length === free) return chosen;
      next.push(turn);
    }
    turns = next;
  }
  return chosen;
}

const memoryFits = (job: Job, { capabilities: { memoryMb } }: NodeRecord): boolean =>
  memoryMb === 0 || memoryMb >= job.kernel.memoryMb;

function firstCanary(state: ShardState, jobs: readonly Job[], node: NodeRecord): Candidate | undefined {
  for (const job of jobs) for (const canary of canaries(state, job, node)) return canary;
  return undefined;
}

/** An identity's first leases are canaries where there are any, and a drawn few afterwards. */
function wantsCanary(state: ShardState, node: NodeRecord, draw: number): boolean {
  const { warmUp = 0, canaryShare = 0 } = state.constants?.trust ?? {};
  return identityOf(state, node).leases < warmUp || (draw >>> 8) / 2 ** 24 < canaryShare;
}
