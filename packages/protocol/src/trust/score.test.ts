import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Match, score } from './score.ts';

const PLAIN: Match = {
  memoryFits: true,
  deviceClassPreferred: false,
  cachedModel: false,
  expectedMs: 0,
  latencyMs: 0,
  reliability: 0,
  late: false,
  gramsCo2PerKwh: undefined,
  greenest: false,
  waitedMs: 0,
};

test('each fact has the points of the table', () => {
  const points = (facts: Partial<Match>) => score({ ...PLAIN, ...facts });
  expect(points({})).toBe(0);
  expect(points({ cachedModel: true })).toBe(10);
  expect(points({ deviceClassPreferred: true })).toBe(5);
  expect(points({ reliability: 0.5 })).toBe(1);
  expect(points({ reliability: 0.5, late: true })).toBe(6);
  expect(points({ expectedMs: 10_000 })).toBe(-2.5);
  expect(points({ latencyMs: 500 })).toBe(-1);
  expect(points({ waitedMs: 25_000 })).toBe(2.5);
  expect(points({ gramsCo2PerKwh: 1000 })).toBe(0);
  expect(points({ gramsCo2PerKwh: 1000, greenest: true })).toBe(-10);
  expect(points({ greenest: true })).toBe(-4.75);
  expect(points({ memoryFits: false, waitedMs: 1e12 })).toBe(Number.NEGATIVE_INFINITY);
});

const time = fc.double({ min: 0, max: 1e7, noNaN: true });
const matches: fc.Arbitrary<Match> = fc.record({
  memoryFits: fc.constant(true),
  deviceClassPreferred: fc.boolean(),
  cachedModel: fc.boolean(),
  expectedMs: time,
  latencyMs: time,
  reliability: fc.double({ min: 0, max: 1, noNaN: true }),
  late: fc.boolean(),
  gramsCo2PerKwh: fc.double({ min: 0, max: 2000, noNaN: true }),
  greenest: fc.boolean(),
  waitedMs: time,
});

/** Which way a fact moves the score. */
const DIRECTIONS: Partial<Record<keyof Match, 1 | -1>> = {
  deviceClassPreferred: 1,
  cachedModel: 1,
  reliability: 1,
  late: 1,
  waitedMs: 1,
  expectedMs: -1,
  latencyMs: -1,
  gramsCo2PerKwh: -1,
  greenest: -1,
};

test('the score is finite and moves one way with each fact', () => {
  fc.assert(
    fc.property(matches, matches, (match, other) => {
      expect(Number.isFinite(score(match))).toBe(true);
      for (const [fact, direction] of Object.entries(DIRECTIONS) as [keyof Match, 1 | -1][]) {
        const [low, high] = [match[fact], other[fact]].map(Number).sort((a, b) => a - b);
        const at = (value: number | undefined) =>
          score({ ...match, [fact]: typeof match[fact] === 'boolean' ? value === 1 : value });
        expect(direction * (at(high) - at(low))).toBeGreaterThanOrEqual(-1e-9);
      }
    }),
  );
});
