import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBits, compareFloats } from './compare.ts';

const bytes = fc.uint8Array({ maxLength: 64 });

test('a result equals itself, and every flipped bit is counted', () => {
  fc.assert(
    fc.property(bytes, fc.uniqueArray(fc.nat(511), { maxLength: 20 }), (result, flips) => {
      expect(compareBits(result, result.slice())).toEqual({ bits: 8 * result.length, bitsDiffering: 0 });
      const wrong = result.slice();
      const inside = flips.filter((bit) => bit < 8 * result.length);
      for (const bit of inside) wrong[bit >> 3] = (wrong[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(compareBits(wrong, result).bitsDiffering).toBe(inside.length);
    }),
  );
});

test('what one result lacks counts as different', () => {
  expect(compareBits(Uint8Array.of(1, 2), Uint8Array.of(1))).toEqual({ bits: 16, bitsDiffering: 8 });
  expect(compareBits(Uint8Array.of(), Uint8Array.of(0))).toEqual({ bits: 8, bitsDiffering: 8 });
});

const f32 = fc.float({ noNaN: true, noDefaultInfinity: true });

test('floats: nothing between equal numbers, and the same difference from either side', () => {
  fc.assert(
    fc.property(f32, f32, (a, b) => {
      expect(compareFloats([a], [a])).toEqual({ values: 1, maxAbsolute: 0, maxRelative: 0, worstUlp: 0 });
      const difference = compareFloats([a], [b]);
      expect(compareFloats([b], [a])).toEqual(difference);
      expect(difference.maxRelative).toBeLessThanOrEqual(2);
      expect(difference.worstUlp === 0).toBe(a === b);
    }),
  );
});

test('the distance of float32 neighbours is one, also across zero and a power of two', () => {
  const tiny = 2 ** -149;
  for (const [a, b, ulp] of [
    [1, 1 + 2 ** -23, 1],
    [2, 2 - 2 ** -23, 1],
    [-1, -1 - 2 ** -23, 1],
    [0, tiny, 1],
    [-0, 0, 0],
    [-tiny, tiny, 2],
    [1, 1 + 3 * 2 ** -23, 3],
  ] as const) {
    expect(compareFloats([a], [b]).worstUlp).toBe(ulp);
  }
  expect(compareFloats([3], [1])).toMatchObject({ maxAbsolute: 2, maxRelative: 2 / 3 });
});

test('what cancellation leaves is measured by the largest number, not by itself', () => {
  expect(compareFloats([1000, 1e-4], [1000, -1e-4])).toMatchObject({ maxAbsolute: 2e-4, worstUlp: 0 });
  expect(compareFloats([1000, 1e-4], [1000, -1e-4]).maxRelative).toBeCloseTo(2e-7, 12);
  expect(compareFloats([1000, 1.5], [1000, 1.5 + 2 ** -23])).toMatchObject({ worstUlp: 1 });
});

test('no number, an endless one or a missing one is as far off as can be', () => {
  const worst = { maxAbsolute: Infinity, maxRelative: 2, worstUlp: Infinity };
  for (const [got, expected] of [
    [[Number.NaN], [1]],
    [[Infinity], [1]],
    [[], [1]],
    [[1, 1], [1]],
  ] as const) {
    expect(compareFloats(got, expected)).toMatchObject(worst);
  }
  expect(compareFloats([Number.NaN], [Number.NaN])).toMatchObject({ worstUlp: 0 });
  expect(compareFloats([], [])).toEqual({ values: 0, maxAbsolute: 0, maxRelative: 0, worstUlp: 0 });
});
