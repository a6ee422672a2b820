import { ReckonError } from '@reckon/protocol/base/errors';
import type { JobId } from '@reckon/protocol/base/ids';
import type { Clock } from '@reckon/protocol/base/ports';
import type { JobStatus, LiveEvent } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import type { RelayClient } from './relay-client.ts';
import { watchJob } from './watch-job.ts';

const jobId = `0x${'ab'.repeat(32)}` as JobId;
const gone = () => new ReckonError('RELAY_UNREACHABLE', { url: 'x', cause: 'y' });

/** Sleeps end at once, or never: so only what a test sends can move a watch on. */
const clockThat = (sleeps: 'pass' | 'hang'): Clock => ({
  now: () => 0,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason));
      // The short pause in which events gather always passes; the long one between polls is what a test holds.
      if (sleeps === 'pass' || ms < 1_000) setImmediate(resolve);
    }),
});

interface Script {
  statuses: (JobStatus | Error)[];
  events?: (signal?: AbortSignal) => AsyncGenerator<LiveEvent>;
}
function relayWith({ statuses, events = noEvents }: Script): RelayClient {
  const job = () => {
    const next = statuses.length > 1 ? statuses.shift() : statuses[0];
    return next instanceof Error ? Promise.reject(next) : Promise.resolve({ jobId, status: next } as never);
  };
  return {
    job,
    jobCells: () => Promise.resolve({ jobId, cells: [] }),
    events: (_: unknown, signal?: AbortSignal) => events(signal),
  } as never;
}
async function* noEvents(): AsyncGenerator<LiveEvent> {
  yield* [];
}
async function* untilAborted(signal?: AbortSignal): AsyncGenerator<LiveEvent> {
  yield* [];
  await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
}
async function statusesOf(relay: RelayClient, clock: Clock, signal?: AbortSignal): Promise<JobStatus[]> {
  const seen: JobStatus[] = [];
  for await (const { job } of watchJob(relay, jobId, { clock, ...(signal === undefined ? {} : { signal }) }))
    seen.push(job.status);
  return seen;
}

test.each(['completed', 'cancelled', 'expired'] as const)('a job is watched until it is %s', async (end) => {
  const relay = relayWith({ statuses: ['funded', 'running', end] });
  expect(await statusesOf(relay, clockThat('pass'))).toEqual(['funded', 'running', end]);
});

test('an event makes the job be asked for, without any poll', async () => {
  async function* oneEvent(signal?: AbortSignal): AsyncGenerator<LiveEvent> {
    yield { type: 'job', jobId, status: 'completed' };
    yield* untilAborted(signal);
  }
  const relay = relayWith({ statuses: ['running', 'completed'], events: oneEvent });
  expect(await statusesOf(relay, clockThat('hang'))).toEqual(['running', 'completed']);
});

test('without events the job is polled', async () => {
  async function* broken(): AsyncGenerator<LiveEvent> {
    yield* [];
    throw gone();
  }
  const relay = relayWith({ statuses: ['running', 'running', 'completed'], events: broken });
  expect(await statusesOf(relay, clockThat('pass'))).toEqual(['running', 'running', 'completed']);
});

test('a relay that is away for a moment is asked again; one that stays away ends the watch', async () => {
  const moment = relayWith({ statuses: [gone(), gone(), 'completed'] });
  expect(await statusesOf(moment, clockThat('pass'))).toEqual(['completed']);
  const stays = relayWith({ statuses: [gone()] });
  await expect(statusesOf(stays, clockThat('pass'))).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE' });
});

test('an unknown job ends the watch at once', async () => {
  const relay = relayWith({ statuses: [new ReckonError('JOB_UNKNOWN', { jobId })] });
  await expect(statusesOf(relay, clockThat('hang'))).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
});

test('an abort ends the watch and its event stream', async () => {
  const stop = new AbortController();
  let closed = false;
  async function* events(signal?: AbortSignal): AsyncGenerator<LiveEvent> {
    yield* untilAborted(signal);
    closed = true;
  }
  const watching = statusesOf(relayWith({ statuses: ['running'], events }), clockThat('hang'), stop.signal);
  setImmediate(() => stop.abort(new Error('enough')));
  await expect(watching).rejects.toThrow('enough');
  expect(closed).toBe(true);
});
