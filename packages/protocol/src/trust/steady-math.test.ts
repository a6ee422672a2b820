import fc from 'fast-check';
import { expect, test } from 'vitest';
import { steadyExp, steadyLog, steadyPower } from './steady-math.ts';

const near = (value: number, wanted: number) => {
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-15 * Math.abs(wanted) + 1e-320);
};

test('the exponential is the engine’s own within a few units of the last place', () => {
  fc.assert(fc.property(fc.double({ min: -740, max: 709, noNaN: true }), (x) => near(steadyExp(x), Math.exp(x))));
  // Where the series is longest: half of ln 2 away from a power of two.
  for (const x of [-0.3465, 0.3465, 0.3467, 6.5847]) near(steadyExp(x), Math.exp(x));
  for (const [x, wanted] of [
    [0, 1],
    [-1000, 0],
    [710, Number.POSITIVE_INFINITY],
  ] as const)
    expect(steadyExp(x)).toBe(wanted);
});

test('the logarithm is the engine’s own within a few units of the last place', () => {
  const positive = fc.double({ min: Number.MIN_VALUE, max: Number.MAX_VALUE, noNaN: true });
  fc.assert(fc.property(positive, (x) => near(steadyLog(x), Math.log(x))));
  fc.assert(fc.property(fc.double({ min: 0.5, max: 2, noNaN: true }), (x) => near(steadyLog(x), Math.log(x))));
  expect([1, 0, -1, Number.POSITIVE_INFINITY].map(steadyLog)).toEqual([
    0,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]);
});

test('a whole power is the repeated product', () => {
  const base = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(base, fc.nat(300), (factor, exponent) => {
      let product = 1;
      for (let i = 0; i < exponent; i++) product *= factor;
      expect(Math.abs(steadyPower(factor, exponent) - product)).toBeLessThanOrEqual(1e-13 * product + 1e-300);
    }),
  );
  expect([steadyPower(2, 0), steadyPower(2, 10), steadyPower(0, 0), steadyPower(0.5, 1074)]).toEqual([
    1,
    1024,
    1,
    Number.MIN_VALUE,
  ]);
});
