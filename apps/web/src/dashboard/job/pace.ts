import { nodesNeeded } from '@reckon/client/policy-words';
import type { JobSummary } from '@reckon/protocol/wire/http';
import { formatDuration, plural } from '../../ui/format.ts';

/** How many units were decided at a time this page saw. */
export interface PaceSample {
  at: number;
  done: number;
}

/** What the newest pace is measured over. */
export const WINDOW_MS = 30_000;
/** Less than this is an accident, not a pace. */
const LEAST_MS = 4000;
const LEAST_DONE = 5;

export const decided = (job: Pick<JobSummary, 'units'>): number => job.units.accepted + job.units.failed;

/** Adds what is seen now, and forgets what is older than the window. Pure. */
export function addSample(samples: readonly PaceSample[], sample: PaceSample): readonly PaceSample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.at - last.at < 1000 && sample.done === last.done) return samples;
  const from = sample.at - WINDOW_MS;
  // One from before the window stays, to measure over all of it.
  const first = samples.findLastIndex(({ at }) => at <= from);
  return [...samples.slice(Math.max(0, first)), sample];
}

/** Units decided a second over the window; undefined until it means something. */
export function paceOf(samples: readonly PaceSample[], now: number): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || now - first.at < LEAST_MS) return undefined;
  return (last.done - first.done) / ((now - first.at) / 1000);
}

/**
 * Milliseconds to the end: at the better and at the worse of two paces, the newest and that of the whole job. Undefined
 * until enough is decided; without an upper end when nothing was decided lately.
 */
export function timeLeft(
  job: JobSummary,
  samples: readonly PaceSample[],
  now: number,
): { low: number; high: number | undefined } | undefined {
  const done = decided(job);
  if (job.status !== 'running' || job.firstLeaseAt === null || done < LEAST_DONE) return undefined;
  const whole = done / Math.max(1, (now - job.firstLeaseAt) / 1000);
  const newest = paceOf(samples, now) ?? whole;
  const left = (job.units.total - done) * 1000;
  const [slow, fast] = [Math.min(whole, newest), Math.max(whole, newest)];
  return { low: left / fast, high: slow === 0 ? undefined : left / slow };
}

/** So long without a decided unit, with nothing computed anywhere, is a wait. */
const QUIET_MS = 5000;

/**
 * What a job waits for whose units nobody computes now; undefined while it goes on. `busySlots`: units that are computed in
 * the whole network. Which units of a job are checked by chance is told nobody, so of those it says less.
 */
export function waitWords(
  job: Pick<JobSummary, 'status' | 'units' | 'policy'>,
  samples: readonly PaceSample[],
  busySlots: number | undefined,
  now: number,
): string | undefined {
  const { pending, issued } = job.units;
  const done = decided(job);
  if (job.status !== 'running' || busySlots !== 0 || pending + issued === 0) return undefined;
  const since = samples.find((sample) => sample.done === done)?.at;
  if (since === undefined || now - since < QUIET_MS) return undefined;
  if (pending > 0 || nodesNeeded(job.policy) < 2) {
    return `waiting for a node to compute or check ${plural(pending + issued, 'unit')}`;
  }
  return job.policy.kind === 'quorum'
    ? `waiting for another node to compute ${plural(issued, 'unit')}`
    : `waiting for another node to check ${plural(issued, 'unit')}`;
}

/** Rounded as far as an estimate deserves: seconds to the next five, minutes whole. */
const roughly = (ms: number): string =>
  formatDuration(ms < 60_000 ? Math.max(5000, Math.ceil(ms / 5000) * 5000) : Math.ceil(ms / 60_000) * 60_000).replace(
    '5.0 s',
    '5 s',
  );

/** "about 40 s to 2 min left". */
export function timeLeftWords(left: { low: number; high: number | undefined }): string {
  const low = roughly(left.low);
  if (left.high === undefined) return `at least ${low} left; nothing was decided lately`;
  const high = roughly(left.high);
  return low === high ? `about ${low} left` : `about ${low} to ${high} left`;
}
