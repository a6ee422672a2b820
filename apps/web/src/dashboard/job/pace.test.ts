import type { JobSummary } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { jobs } from '../../../testing/sample-data.ts';
import { addSample, type PaceSample, paceOf, timeLeft, timeLeftWords, waitWords, WINDOW_MS } from './pace.ts';

const at = 1_000_000;
/** 100 units, of which `accepted` are; the first lease was 100 s ago. */
const job = (accepted: number, change: Partial<JobSummary> = {}): JobSummary => ({
  ...(jobs[0] as JobSummary),
  status: 'running',
  firstLeaseAt: at - 100_000,
  units: { total: 100, pending: 100 - accepted, issued: 0, accepted, failed: 0 },
  ...change,
});

test('a pace needs some seconds', () => {
  const samples: PaceSample[] = [{ at, done: 0 }];
  expect(paceOf(samples, at + 3999)).toBeUndefined();
  expect(paceOf([...samples, { at: at + 4000, done: 8 }], at + 4000)).toBe(2);
});

test('samples older than the window are forgotten, but for one to measure from', () => {
  let samples: readonly PaceSample[] = [];
  for (let second = 0; second <= 120; second++) samples = addSample(samples, { at: at + second * 1000, done: second });
  expect(samples.length).toBeLessThan(40);
  expect(samples[0]?.at).toBeLessThanOrEqual(at + 120_000 - WINDOW_MS);
  expect(paceOf(samples, at + 120_000)).toBeCloseTo(1);
});

test('the end is told as a range between the newest pace and that of the whole job', () => {
  // 0.5 a second over the job, 1 a second lately, 50 to go.
  const samples = [
    { at: at - 30_000, done: 20 },
    { at, done: 50 },
  ];
  const left = timeLeft(job(50), samples, at);
  expect(left).toEqual({ low: 50_000, high: 100_000 });
  expect(left && timeLeftWords(left)).toBe('about 50 s to 2 min left');
});

test('nothing decided lately leaves the end open', () => {
  const samples = [
    { at: at - 30_000, done: 50 },
    { at, done: 50 },
  ];
  const left = timeLeft(job(50), samples, at);
  expect(left && timeLeftWords(left)).toBe('at least 2 min left; nothing was decided lately');
});

test('no end is told before the pace means something, nor for a job that does not run', () => {
  expect(timeLeft(job(4), [], at)).toBeUndefined();
  expect(timeLeft(job(50, { status: 'paused' }), [], at)).toBeUndefined();
  expect(timeLeft(job(50, { firstLeaseAt: null }), [], at)).toBeUndefined();
});

test('two ends that read the same are told once', () => {
  expect(timeLeftWords({ low: 1, high: 4000 })).toBe('about 5 s left');
});

test('units that only wait for other nodes are said to, and no time is told of them', () => {
  const policy = { kind: 'sample', chunks: 16, checkers: 1, maxReplicas: 3 } as const;
  const units = { total: 100, pending: 0, issued: 6, accepted: 94, failed: 0 };
  const waiting = job(94, { units, policy });
  const samples = [
    { at: at - 20_000, done: 90 },
    { at: at - 6000, done: 94 },
    { at, done: 94 },
  ];
  expect(waitWords(waiting, samples, 0, at)).toBe('waiting for another node to check 6 units');
  expect(waitWords({ ...waiting, policy: { kind: 'quorum', quorum: 2, maxReplicas: 5 } }, samples, 0, at)).toBe(
    'waiting for another node to compute 6 units',
  );
  expect(waitWords({ ...waiting, units: { ...units, pending: 1, issued: 5 } }, samples, 0, at)).toBe(
    'waiting for a node to compute or check 6 units',
  );
  // Somebody computes; nobody knows; something was decided a moment ago; it is over.
  expect(waitWords(waiting, samples, 1, at)).toBeUndefined();
  expect(waitWords(waiting, samples, undefined, at)).toBeUndefined();
  expect(waitWords(waiting, samples, 0, at - 2000)).toBeUndefined();
  expect(waitWords({ ...waiting, status: 'completed' }, samples, 0, at)).toBeUndefined();
});
