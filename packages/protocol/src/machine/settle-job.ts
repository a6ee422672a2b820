import { type Effects } from './effects.ts';
import type { Job, ShardState } from './state.ts';
import type { JobStatus } from '../wire/http.ts';

export const isEnded = (status: JobStatus): boolean =>
  status === 'completed' || status === 'cancelled' || status === 'expired';

/** After a unit changed: is the job done? All its units are final then, so nothing is left to withdraw. */
export function settleJob(state: ShardState, job: Job, effects: Effects): void {
  const done = job.counts.accepted + job.counts.failed === job.units.length;
  if (done && !isEnded(job.status)) {
    job.status = 'completed';
    job.endedAt = state.now;
    state.totals.completed += 1;
  }
  noteJob(job, effects);
}

export function noteJob(job: Job, effects: Effects, withUnits = false): void {
  const known = effects.changes.some((change) => change.type === 'job' && change.jobId === job.id);
  if (!known) effects.changes.push({ type: 'job', jobId: job.id });
  if (withUnits) for (const { index } of job.units) effects.changes.push({ type: 'unit', jobId: job.id, index });
}
