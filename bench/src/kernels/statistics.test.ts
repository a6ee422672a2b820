import { expect, test } from 'vitest';
import { interval, quietRounds, ratios } from './statistics.ts';

test('the interval holds the median, is the same each time, and is a point where nothing varies', () => {
  const values = Array.from({ length: 31 }, (_, i) => 1 + ((i * 7) % 31) / 100);
  const found = interval(values);
  expect(found.median).toBeCloseTo(1.15, 10);
  expect(found.low).toBeGreaterThan(1);
  expect(found.low).toBeLessThan(found.median);
  expect(found.high).toBeGreaterThan(found.median);
  expect(found.high).toBeLessThan(1.3);
  expect(interval(values)).toEqual(found);
  expect(interval([2, 2, 2])).toEqual({ median: 2, low: 2, high: 2 });
});

test('of 41 rounds the interval is that of the order statistics about 14 and 28', () => {
  const { median, low, high } = interval(Array.from({ length: 41 }, (_, i) => i + 1));
  expect(median).toBe(21);
  expect(low).toBeGreaterThanOrEqual(12);
  expect(low).toBeLessThanOrEqual(17);
  expect(high).toBeGreaterThanOrEqual(25);
  expect(high).toBeLessThanOrEqual(30);
});

test('rounds whose control is more than a tenth off its median are left out', () => {
  expect(quietRounds([10, 10.9, 11.1, 9.1, 8.9, 10])).toEqual([0, 1, 3, 5]);
});

test('ratios are taken within a round, by work', () => {
  expect(ratios([4, 6, 100], [2, 2, 2], [0, 1])).toEqual([2, 3]);
  // Ten messages in 20 ms are 2 ms each, over 1 ms each.
  expect(ratios([20], [5], [0], { of: 10, over: 5 })).toEqual([2]);
});
