import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decay,
  FIRST_QUOTA,
  lowerQuantile,
  mean,
  newReputation,
  noteOutcome,
  type Outcome,
  quotaAfter,
  type Reputation,
  remainingAfter,
} from './reputation.ts';

const DAY_MS = 86_400_000;
const weight = fc.double({ min: 0, max: 1000, noNaN: true });
const reputations: fc.Arbitrary<Reputation> = fc.record({ alpha: weight, beta: weight, at: fc.nat(DAY_MS) });
const elapsed = fc.nat(60 * DAY_MS);

test('a week halves what is known, and the way there does not matter', () => {
  const week = decay({ alpha: 8, beta: 2, at: 0 }, 7 * DAY_MS);
  expect(week).toEqual({ alpha: expect.closeTo(4, 12), beta: expect.closeTo(1, 12), at: 7 * DAY_MS });
  expect([0, -5, 14 * DAY_MS].map(remainingAfter)).toEqual([1, 1, expect.closeTo(0.25, 14)]);
  fc.assert(
    fc.property(reputations, elapsed, elapsed, (start, first, second) => {
      const end = start.at + first + second;
      const stepwise = decay(decay(start, start.at + first), end);
      expect(stepwise.alpha).toBeCloseTo(decay(start, end).alpha, 9);
      expect(stepwise.beta).toBeCloseTo(start.beta * 2 ** (-(first + second) / (7 * DAY_MS)), 9);
      expect(decay(start, start.at - 1)).toBe(start);
    }),
  );
});

test('outcomes weigh 1, 5 and ½, and no more than four units', () => {
  const note = (outcome: Outcome, size: number) => noteOutcome({ alpha: 1, beta: 1, at: 0 }, outcome, size, 0);
  expect(note('valid', 2)).toEqual({ alpha: 3, beta: 1, at: 0 });
  expect(note('wrong', 2)).toEqual({ alpha: 1, beta: 11, at: 0 });
  expect(note('timeout', 2)).toEqual({ alpha: 1, beta: 2, at: 0 });
  expect(note('valid', 1000)).toEqual(note('valid', 4));
  const later = noteOutcome({ alpha: 8, beta: 2, at: 0 }, 'valid', 1, 7 * DAY_MS);
  expect(later.alpha).toBeCloseTo(5, 12);
});

test('mean and lower quantile from tables', () => {
  expect(mean(newReputation(0))).toBe(0.5);
  expect(mean({ alpha: 8, beta: 0, at: 0 })).toBe(0.9);
  // Beta(1, 1), Beta(10, 1) and Beta(1, 6) have quantiles in closed form.
  expect(lowerQuantile(newReputation(0))).toBeCloseTo(0.05, 9);
  expect(lowerQuantile({ alpha: 9, beta: 0, at: 0 })).toBeCloseTo(0.05 ** 0.1, 9);
  expect(lowerQuantile({ alpha: 0, beta: 5, at: 0 })).toBeCloseTo(1 - 0.95 ** (1 / 6), 9);
  expect(lowerQuantile({ alpha: 1, beta: 1, at: 0 }, 5 / 32)).toBeCloseTo(0.25, 9);
});

test('a right result raises both measures, any other lowers them', () => {
  fc.assert(
    fc.property(reputations, fc.double({ min: 0.1, max: 4, noNaN: true }), (start, size) => {
      const after = (outcome: Outcome) => noteOutcome(start, outcome, size, start.at);
      for (const measure of [mean, (reputation: Reputation) => lowerQuantile(reputation)]) {
        expect(measure(after('valid'))).toBeGreaterThan(measure(start));
        expect(measure(after('timeout'))).toBeLessThan(measure(start));
        expect(measure(after('wrong'))).toBeLessThan(measure(after('timeout')));
      }
      expect(lowerQuantile(start)).toBeLessThan(mean(start));
    }),
  );
});

test('the quota doubles with right results up to 10 000 and sinks by one to 1', () => {
  expect(quotaAfter(FIRST_QUOTA, 'valid')).toBe(64);
  expect(quotaAfter(600_000, 'valid')).toBe(1_000_000);
  expect([quotaAfter(10, 'wrong'), quotaAfter(2, 'timeout'), quotaAfter(1, 'wrong')]).toEqual([9, 1, 1]);
});
