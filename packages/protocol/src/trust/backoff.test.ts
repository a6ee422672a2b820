import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

const limits = { minMs: 1000, maxMs: 60_000 };

test('the wait doubles with each failure up to its limit, and u chooses the upper half of it', () => {
  expect([0, 1, 2, 5, 6, 100, 5000].map((failures) => backoffMs(failures, 0, limits))).toEqual([
    500, 1000, 2000, 16_000, 30_000, 30_000, 30_000,
  ]);
  expect(backoffMs(2, 0.5, limits)).toBe(3000);
});

test('it never falls with failures or u, and stays between half the least and the most', () => {
  const u = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(40), u, u, (failures, one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      expect(backoffMs(failures, low, limits)).toBeLessThanOrEqual(backoffMs(failures, high, limits));
      expect(backoffMs(failures, low, limits)).toBeLessThanOrEqual(backoffMs(failures + 1, low, limits));
      expect(backoffMs(failures, low, limits)).toBeGreaterThanOrEqual(limits.minMs / 2);
      expect(backoffMs(failures, high, limits)).toBeLessThanOrEqual(limits.maxMs);
    }),
  );
});
