import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIRST_BATCH, nextBatch, unitsAhead } from './unit-size.ts';

test('the next size by hand', () => {
  // Half of the target: 10 · (0.8182 + 0.1818 · 2).
  expect(nextBatch(10, 2500)).toBeCloseTo(11.818, 12);
  expect(nextBatch(10, 5000)).toBeCloseTo(10, 12);
  expect(nextBatch(10, 10_000)).toBeCloseTo(9.091, 12);
  expect([0, 1].map((ms) => nextBatch(10, ms))).toEqual([22.726, 22.726].map((value) => expect.closeTo(value, 10)));
  expect(nextBatch(10, 1e9)).toBeCloseTo(8.40925, 12);
  expect([nextBatch(1, 1e9), nextBatch(60, 1)]).toEqual([1, 64]);
  expect([1, 1.99, 2, 64].map(unitsAhead)).toEqual([1, 1, 2, 64]);
});

test('it settles where a batch takes the target, whatever a unit takes', () => {
  fc.assert(
    fc.property(fc.double({ min: 10, max: 20_000, noNaN: true }), (unitMs) => {
      let batch = FIRST_BATCH;
      for (let i = 0; i < 100; i++) batch = nextBatch(batch, batch * unitMs);
      const wanted = Math.min(64, Math.max(1, 5000 / unitMs));
      expect(Math.abs(batch / wanted - 1)).toBeLessThan(0.01);
    }),
  );
});

test('a slower batch never makes the next one larger', () => {
  const size = fc.double({ min: 1, max: 64, noNaN: true });
  const time = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(size, time, time, (batch, one, other) => {
      const slower = nextBatch(batch, Math.max(one, other));
      expect(slower).toBeLessThanOrEqual(nextBatch(batch, Math.min(one, other)));
      expect(slower).toBeGreaterThanOrEqual(1);
    }),
  );
});
