import { expect, test } from 'vitest';
import { median, rounded } from './figures.ts';

test('the median is the middle of the sorted values, whatever order they come in', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 2, 4, 100])).toBe(7);
  expect(() => median([])).toThrow(RangeError);
});

test('a figure is rounded to significant digits, not to decimals', () => {
  expect(rounded(1234.5678)).toBe(1230);
  expect(rounded(0.0012345)).toBe(0.00123);
});
