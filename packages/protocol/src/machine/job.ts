import { hashWorkUnit } from '../base/hash.ts';
import type { JobId } from '../base/ids.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import { jobIdOf } from '../model/job-order.ts';
import { requiredBudget } from '../model/job-spec.ts';
import { createEffects, type Effects, ignore, offer, refuse } from './effects.ts';
import type { StepResult } from './commands.ts';
import type { Job, ShardState } from './state.ts';
import { isEnded, noteJob } from './settle-job.ts';
import { isLeasable } from './stage.ts';
import { stepUnit } from './trust.ts';

/** Enters a job as a draft; it starts when its escrow is seen on chain. */
export function postJob(state: ShardState, event: ShardEventOf<'job.posted'>): StepResult | Effects {
  const { jobId, order, spec, kernel, signature, at } = event;
  if (state.jobs.has(jobId)) return ignore('job-known');
  if (jobIdOf(order) !== jobId) return ignore('job-id-mismatch');
  if (order.budget < requiredBudget(spec)) {
    const [expected, received] = [requiredBudget(spec).toString(), order.budget.toString()];
    return refuse('ESCROW_TOO_SMALL', { jobId, expected, received });
  }
  const count = spec.stages[0]?.units.length ?? 0;
  const job: Job = {
    id: jobId,
    order,
    spec,
    kernel,
    signature,
    postedAt: at,
    status: 'draft',
    units: Array.from({ length: count }, (_, index) => ({
      id: hashWorkUnit(jobId, 0, index),
      index,
      status: 'pending' as const,
      replicas: [],
      checks: [],
      target: 1,
    })),
    counts: { pending: count, issued: 0, accepted: 0, failed: 0 },
    started: new Set(),
    fresh: new Set(Array.from({ length: count }, (_, index) => index)),
    unchecked: new Set(),
    waiting: new Set(),
    running: new Set(),
    nodes: new Set(),
    funded: 0n,
    spent: 0n,
    charged: 0n,
    closedIn: undefined,
    controlNonce: 0,
  };
  state.jobs.set(jobId, job);
  for (const unit of job.units) state.units.set(unit.id, { jobId, index: unit.index });
  const effects = createEffects();
  noteJob(job, effects, true);
  return effects;
}

/** Takes the escrow's total as seen on chain; the job starts once it covers the budget. */
export function fundJob(state: ShardState, event: ShardEventOf<'job.funded'>): StepResult | Effects {
  const job = state.jobs.get(event.jobId);
  if (job === undefined) return ignore('job-unknown');
  if (event.total <= job.funded) return ignore('not-more');
  const effects = createEffects();
  job.funded = event.total;
  if (job.status === 'draft' && job.funded >= job.order.budget) {
    job.status = 'funded';
    job.fundedAt = event.at;
    offer(effects);
  }
  noteJob(job, effects);
  return effects;
}

/** Pause, resume or cancel, as the requester signed it. */
export function controlJob(state: ShardState, event: ShardEventOf<'job.controlled'>): StepResult | Effects {
  const job = state.jobs.get(event.jobId);
  if (job === undefined) return ignore('job-unknown');
  if (event.nonce <= job.controlNonce) {
    return refuse('CONTROL_REPEATED', { jobId: job.id, nonce: event.nonce, last: job.controlNonce });
  }
  const from = job.status;
  const allowed =
    event.action === 'pause' ? isLeasable(job) : event.action === 'resume' ? from === 'paused' : !isEnded(from);
  if (!allowed) return refuse('JOB_STATE', { jobId: job.id, expected: stateFor(event.action), received: from });
  const effects = createEffects();
  job.controlNonce = event.nonce;
  if (event.action === 'cancel') {
    endJob(state, job, 'cancelled', event.at, effects);
  } else {
    job.status = event.action === 'pause' ? 'paused' : job.firstLeaseAt === undefined ? 'funded' : 'running';
    if (event.action === 'resume') offer(effects);
    noteJob(job, effects);
  }
  return effects;
}

const stateFor = (action: 'pause' | 'resume' | 'cancel'): string =>
  action === 'pause' ? 'funded or running' : action === 'resume' ? 'paused' : 'draft, funded, running or paused';

/** Ends a job: live replicas are withdrawn; what was accepted stays accepted and paid. */
export function endJob(
  state: ShardState,
  job: Job,
  status: 'cancelled' | 'expired',
  at: number,
  effects: Effects,
): void {
  job.status = status;
  job.endedAt = at;
  for (const unit of [...job.units]) {
    if (unit.replicas.length > 0) stepUnit(state, job, unit, { type: 'withdrawn', reason: 'job-ended' }, effects);
  }
  noteJob(job, effects);
}

/** Ends jobs whose time is over; true when any did. */
export function expireJobs(state: ShardState, at: number, effects: Effects): boolean {
  let any = false;
  for (const job of state.jobs.values()) {
    if (!isJobOverdue(job, at)) continue;
    endJob(state, job, 'expired', at, effects);
    any = true;
  }
  return any;
}

/** A draft that nobody funds is forgotten after a day: it costs memory, and posting it costs nothing. */
export const DRAFT_MS = 24 * 60 * 60 * 1000;

export const isJobOverdue = (job: Job, at: number): boolean =>
  !isEnded(job.status) &&
  (at >= job.order.expiresAt * 1000 || (job.status === 'draft' && at >= job.postedAt + DRAFT_MS));

/** Forgets a job that can no longer change; the read model keeps its history. */
export function dropJob(state: ShardState, jobId: JobId): void {
  const job = state.jobs.get(jobId);
  if (job === undefined) return;
  for (const unit of job.units) {
    state.units.delete(unit.id);
    state.asking.delete(unit.id);
  }
  for (const deviceClass of ['gpu', 'cpu']) state.durations.delete(`${jobId} ${deviceClass}`);
  for (const node of state.nodes.values()) node.lacks.delete(jobId);
  state.jobs.delete(jobId);
}

/** Forgets jobs that ended without ever being funded: no epoch will close them. */
export function dropDeadDrafts(state: ShardState): void {
  for (const job of [...state.jobs.values()]) if (isEnded(job.status) && job.funded === 0n) dropJob(state, job.id);
}
