import fc from 'fast-check';
import { expect, test } from 'vitest';
import { betaDistribution, betaQuantile, lnGamma } from './beta-quantile.ts';

test('the logarithm of Γ at values that are known', () => {
  expect(lnGamma(1)).toBeCloseTo(0, 13);
  expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    expect(lnGamma(n)).toBeCloseTo(Math.log(factorial), 12);
    factorial *= n;
  }
  // Γ(1000) by Stirling's series with three terms.
  expect(
    lnGamma(1000) / (999.5 * Math.log(1000) - 1000 + Math.log(2 * Math.PI) / 2 + 1 / 12e3 - 1 / 360e9),
  ).toBeCloseTo(1, 14);
});

const chance = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const whole = fc.integer({ min: 1, max: 60 });

test('for whole a and b it is the binomial tail', () => {
  fc.assert(
    fc.property(chance, whole, whole, (x, a, b) => {
      // I_x(a, b) = Σ_{j=a}^{n} C(n, j) x^j (1−x)^{n−j} with n = a + b − 1.
      const n = a + b - 1;
      let tail = 0;
      let ways = 1;
      for (let j = 0; j <= n; j++) {
        if (j >= a) tail += ways * x ** j * (1 - x) ** (n - j);
        ways = (ways * (n - j)) / (j + 1);
      }
      expect(betaDistribution(x, a, b)).toBeCloseTo(tail, 11);
    }),
  );
  expect([0, 1].map((x) => betaDistribution(x, 2, 3))).toEqual([0, 1]);
});

test('quantiles with a closed form', () => {
  fc.assert(
    fc.property(chance, fc.double({ min: 1, max: 1000, noNaN: true }), (p, a) => {
      expect(Math.abs(betaQuantile(p, a, 1) - p ** (1 / a))).toBeLessThan(1e-10);
      expect(Math.abs(betaQuantile(p, 1, a) - (1 - (1 - p) ** (1 / a)))).toBeLessThan(1e-10);
    }),
  );
  // Beta(2, 2): 3x² − 2x³ = 5/32 at x = ¼.
  expect(betaQuantile(5 / 32, 2, 2)).toBeCloseTo(0.25, 10);
});

test('the quantile inverts the distribution, also for accounts with very many results', () => {
  const weight = fc.double({ min: 0, max: 6, noNaN: true }).map((power) => 10 ** power);
  fc.assert(
    fc.property(chance, weight, weight, (p, a, b) => {
      const x = betaQuantile(p, a, b);
      // The distribution is so steep that 1e-9 beside x it must lie on either side of p.
      expect(betaDistribution(x - 1e-9, a, b)).toBeLessThanOrEqual(p + 1e-9);
      expect(betaDistribution(x + 1e-9, a, b)).toBeGreaterThanOrEqual(p - 1e-9);
    }),
  );
});
