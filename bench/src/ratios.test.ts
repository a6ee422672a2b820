import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometricMean, medianRatio } from './ratios.ts';

test('the interval holds the median and lies within what was measured', () => {
  const ratios = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 41 });
  fc.assert(
    fc.property(ratios, (values) => {
      const { median, low, high } = medianRatio(values);
      expect(low).toBeLessThanOrEqual(median);
      expect(high).toBeGreaterThanOrEqual(median);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values));
      expect(high).toBeLessThanOrEqual(Math.max(...values));
      expect(medianRatio(values)).toEqual({ median, low, high });
    }),
    { numRuns: 30 },
  );
});

test('of 41 rounds the interval is that of the order statistics about 14 and 28', () => {
  const { median, low, high } = medianRatio(Array.from({ length: 41 }, (_, i) => i + 1));
  expect(median).toBe(21);
  expect(low).toBeGreaterThanOrEqual(12);
  expect(low).toBeLessThanOrEqual(17);
  expect(high).toBeGreaterThanOrEqual(25);
  expect(high).toBeLessThanOrEqual(30);
});

test('a geometric mean of a number and its inverse is one', () => {
  expect(geometricMean([4, 0.25])).toBe(1);
  expect(geometricMean([2, 8])).toBeCloseTo(4);
});
