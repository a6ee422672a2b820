import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../testing/arbitraries.ts';
import vectors from '../../vectors/seal.json' with { type: 'json' };
import { fromHex, u32be } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import { detectionToDeter, drawChunks, samplesFor, undetected } from './sampling.ts';

test.each(vectors.draws)('the chunks drawn from $seed are what an independent program drew', ({ seed, chunks }) => {
  for (const { count, m, drawn } of chunks) expect(drawChunks(fromHex(seed), count, m)).toEqual(drawn);
});

test('chunks are distinct, in range, and the same whenever drawn', () => {
  fc.assert(
    fc.property(bytes(32), fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(40), (seed, count, m) => {
      const drawn = drawChunks(seed, count, m);
      expect(new Set(drawn).size).toBe(Math.min(m, count));
      expect(drawn.every((index) => Number.isInteger(index) && index >= 0 && index < count)).toBe(true);
      expect(drawChunks(seed, count, m)).toEqual(drawn);
      expect(drawChunks(seed, count, m + 5).slice(0, drawn.length)).toEqual(drawn);
    }),
  );
});

test('every pair of chunks is drawn as often as any other', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const pair = drawChunks(sha256(u32be(i)), 5, 2).join();
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  // 20 ordered pairs of 300 on average; 5 standard deviations are 85.
  expect(counts.size).toBe(20);
  for (const count of counts.values()) expect(Math.abs(count - 300)).toBeLessThan(85);
});

test('numbers of samples, from tables', () => {
  expect([0.5, 0.1, 0.01].map((share) => samplesFor(1e-4, share))).toEqual([14, 88, 917]);
  expect([1, 0].map((share) => samplesFor(1e-4, share))).toEqual([1, Number.POSITIVE_INFINITY]);
  const chance = fc.double({ min: 1e-6, max: 0.9, noNaN: true });
  fc.assert(
    fc.property(chance, chance, (delta, share) => {
      const m = samplesFor(delta, share);
      expect((1 - share) ** m).toBeLessThanOrEqual(delta * (1 + 1e-9));
      if (m > 1) expect((1 - share) ** (m - 1)).toBeGreaterThan(delta * (1 - 1e-9));
    }),
  );
});

const share = fc.double({ min: 0, max: 1, noNaN: true });

test('what passes, by hand and checker by checker', () => {
  expect(undetected({ share: 0.5, chunks: 4, colluding: 0, checkers: 4 })).toBe(1 / 16);
  // Two checkers of two chunks: (½ + ½·¼)².
  expect(undetected({ share: 0.5, chunks: 4, colluding: 0.5, checkers: 2 })).toBe(0.390625);
  // Three chunks on two checkers: (½ + ½·¼)·(½ + ½·½).
  expect(undetected({ share: 0.5, chunks: 3, colluding: 0.5, checkers: 2 })).toBe(0.46875);
  expect(undetected({ share: 1, chunks: 0, colluding: 0, checkers: 3 })).toBe(1);
  fc.assert(
    fc.property(share, fc.integer({ min: 1, max: 60 }), share, fc.integer({ min: 1, max: 60 }), (t, m, F, k) => {
      const held = Array<number>(k).fill(0);
      for (let i = 0; i < m; i++) held[i % k] = (held[i % k] as number) + 1;
      const passes = held.reduce((product, chunks) => product * (F + (1 - F) * (1 - t) ** chunks), 1);
      const found = undetected({ share: t, chunks: m, colluding: F, checkers: k });
      expect(found).toBeCloseTo(passes, 10);
      expect(found).toBeGreaterThanOrEqual(F ** Math.min(k, m) * (1 - 1e-12));
      if (k >= m) expect(found).toBeCloseTo((1 - t * (1 - F)) ** m, 10);
    }),
  );
});

test('forging does not pay from g / (g + S + B) on', () => {
  // Twenty unpaid units held back: 1/21.
  expect(detectionToDeter(1, 0, 20)).toBeCloseTo(1 / 21, 15);
  expect(detectionToDeter(0, 0, 0)).toBe(0);
  const money = fc.double({ min: 0.01, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(money, money, money, (saved, stake, held) => {
      const p = detectionToDeter(saved, stake, held);
      expect(p * (stake + held) - (1 - p) * saved).toBeCloseTo(0, 6);
    }),
  );
});
