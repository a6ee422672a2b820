import type { JobId } from '@reckon/protocol/base/ids';
import type { Clock } from '@reckon/protocol/base/ports';
import type { JobStatus, JobSummary, LiveEvent, UnitCells } from '@reckon/protocol/wire/http';
import type { RelayClient } from './relay-client.ts';
import { systemClock } from '@reckon/kernels/engine/system-clock';

/** How often the job is asked for when no event comes; events make it sooner. */
const POLL_MS = 2_000;
/** Events that come together are shown together. */
const GATHER_MS = 100;

export type JobCell = UnitCells['cells'][number];
export interface JobProgress {
  job: JobSummary;
  /** One per unit, in order. */
  cells: readonly JobCell[];
}

const ENDED: ReadonlySet<JobStatus> = new Set(['completed', 'cancelled', 'expired']);
export const hasEnded = (status: JobStatus): boolean => ENDED.has(status);

export interface WatchOptions {
  signal?: AbortSignal;
  clock?: Clock;
}

/**
 * A job's progress until it ends: the first value at once, the last with an ended status. Follows the relay's events and
 * polls beside them, so a broken event stream only makes it slower.
 * @throws {ReckonError} JOB_UNKNOWN; RELAY_UNREACHABLE when the relay stays away for several polls.
 */
export async function* watchJob(
  relay: RelayClient,
  jobId: JobId,
  options: WatchOptions = {},
): AsyncGenerator<JobProgress> {
  const { signal, clock = systemClock } = options;
  const ending = new AbortController();
  const stop = () => ending.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  let wake = Promise.withResolvers<void>();
  const heard = () => wake.resolve();
  const listening = listen(relay, jobId, ending.signal, clock, heard);
  try {
    for (let failures = 0; ; ) {
      signal?.throwIfAborted();
      try {
        const [job, { cells }] = await Promise.all([relay.job(jobId), relay.jobCells(jobId)]);
        failures = 0;
        yield { job, cells };
        if (hasEnded(job.status)) return;
      } catch (error) {
        failures += 1;
        const gone = error instanceof Error && 'code' in error && error.code === 'RELAY_UNREACHABLE';
        if (!gone || failures >= 5) throw error;
      }
      await Promise.race([wake.promise, clock.sleep(POLL_MS, ending.signal)]);
      wake = Promise.withResolvers<void>();
      await clock.sleep(GATHER_MS, ending.signal);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    ending.abort();
    await listening;
  }
}

/** Keeps an event stream open while the job is watched; a stream that ends is opened again after a pause. */
async function listen(
  relay: RelayClient,
  jobId: JobId,
  signal: AbortSignal,
  clock: Clock,
  heard: (event: LiveEvent) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of relay.events([`job:${jobId}`], signal)) heard(event);
    } catch {
      // no events just now: polling goes on without them
    }
    await clock.sleep(POLL_MS, signal).catch(() => undefined); // aborted: the loop ends
  }
}
