import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Durations, leaseMsFor, mean, NO_DURATIONS, noteDuration, quantile } from './durations.ts';

const BUCKET = 2 ** 0.25;
/** From 10 ms to an hour, as often short as long. */
const runTime = fc.double({ min: 1, max: Math.log10(3_600_000), noNaN: true }).map((power) => 10 ** power);
const runTimes = fc.array(runTime, { minLength: 1, maxLength: 300 });
const noteAll = (times: readonly number[], start: Durations = NO_DURATIONS) => times.reduce(noteDuration, start);

test('a quantile is that of the sorted run times, rounded up by less than a bucket', () => {
  fc.assert(
    fc.property(runTimes, fc.double({ min: 0, max: 1, noNaN: true }), (times, p) => {
      const exact = [...times].sort((a, b) => a - b)[Math.max(0, Math.ceil(p * times.length) - 1)] as number;
      const found = quantile(noteAll(times), p) as number;
      expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-12));
      expect(found).toBeLessThanOrEqual(exact * BUCKET * (1 + 1e-12));
    }),
  );
});

test('the mean is that of the run times within ten per cent', () => {
  fc.assert(
    fc.property(runTimes, (times) => {
      const exact = times.reduce((a, b) => a + b, 0) / times.length;
      expect(Math.abs((mean(noteAll(times)) as number) / exact - 1)).toBeLessThan(0.1);
    }),
  );
});

test('run times outside 10 ms to an hour count as the nearest of the two', () => {
  expect(quantile(noteAll([0, 3]), 1)).toBe(10);
  expect(quantile(noteAll([1e9]), 0.5)).toBe(3_600_000);
  expect(noteAll([1e9]).counts.length).toBeLessThanOrEqual(96);
});

test('nothing is known before the first run', () => {
  expect([quantile(NO_DURATIONS, 0.95), mean(NO_DURATIONS)]).toEqual([undefined, undefined]);
});

test('counts stay whole and bounded, and a state that was kept does not change', () => {
  fc.assert(
    fc.property(fc.array(runTime, { minLength: 1, maxLength: 50 }), (times) => {
      const start = noteAll(Array.from({ length: 990 }, (_, i) => times[i % times.length] as number));
      const copy = structuredClone(start);
      const after = noteAll(times, start);
      expect(start).toEqual(copy);
      expect(after.total).toBeLessThanOrEqual(1000);
      expect(after.counts.reduce((a, b) => a + b, 0)).toBe(after.total);
      expect(after.counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('halving keeps quantiles, and the estimate follows a change', () => {
  const mixed = Array.from({ length: 1000 }, (_, i) => (i % 25 === 0 ? 60_000 : 1000));
  const before = noteAll(mixed);
  const after = noteDuration(before, 1000);
  expect([before.total, after.total]).toEqual([1000, 500]);
  for (const p of [0.5, 0.95, 0.97]) expect(quantile(after, p)).toBe(quantile(before, p));
  const once = noteAll([...Array<number>(1000).fill(1000), 60_000]);
  expect(once.counts.at(-1)).toBeGreaterThan(0);
  const slower = noteAll(Array<number>(1000).fill(8000), before);
  expect(quantile(slower, 0.5)).toBeGreaterThanOrEqual(8000);
});

test('a lease is three times the slow runs, once twenty are known', () => {
  const seconds = (count: number) => noteAll(Array<number>(count).fill(10_000));
  const limits = { capMs: 60_000 };
  expect(leaseMsFor(seconds(19), limits)).toBe(60_000);
  const lease = leaseMsFor(seconds(20), limits);
  expect(lease).toBeGreaterThanOrEqual(30_000);
  expect(lease).toBeLessThan(30_000 * BUCKET + 1);
  expect(Number.isInteger(lease)).toBe(true);
  expect(leaseMsFor(noteAll(Array<number>(20).fill(100)), limits)).toBe(5000);
  expect(leaseMsFor(noteAll(Array<number>(20).fill(100)), { capMs: 60_000, floorMs: 250 })).toBeGreaterThanOrEqual(300);
  expect(leaseMsFor(seconds(20), { capMs: 2000 })).toBe(2000);
});
