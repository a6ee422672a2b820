import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Account, checksNeeded, forgedShare } from './forged-share.ts';

const account = (fields: Partial<Account>): Account => ({
  results: 100,
  checked: 0,
  faulty: 0.05,
  missed: 0,
  survives: 1,
  ...fields,
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const accounts = fc
  .record({
    results: fc.double({ min: 1, max: 3000, noNaN: true }),
    part: share,
    faulty: fc.double({ min: 0, max: 0.9, noNaN: true }),
    missed: share,
    survives: share,
  })
  .map(({ part, ...rest }): Account => ({ ...rest, checked: part * rest.results }));

/** Chance that k draws of n without replacement meet none of j: C(n−j, k) / C(n, k), in whole numbers. */
function chooseShare(n: number, k: number, j: number): number {
  let top = 1n;
  let bottom = 1n;
  for (let i = 0; i < k; i++) {
    top *= BigInt(Math.max(0, n - j - i));
    bottom *= BigInt(n - i);
  }
  return Number((top * 10n ** 30n) / bottom) / 1e30;
}

test('with whole checks that never miss it is the hypergeometric chance at the worst count', () => {
  const sizes = fc.integer({ min: 1, max: 200 }).chain((n) => fc.tuple(fc.constant(n), fc.nat(n)));
  fc.assert(
    fc.property(sizes, fc.double({ min: 0.001, max: 0.5, noNaN: true }), ([n, k], f) => {
      let worst = 0;
      for (let j = 1; j <= n; j++) {
        const unseen = chooseShare(n, k, j);
        worst = Math.max(worst, (f * (j / n) * unseen) / (1 - f + f * unseen));
      }
      const found = forgedShare(account({ results: n, checked: k, faulty: f }));
      // Above 64 wrong results counts are tried in steps.
      expect(found).toBeLessThanOrEqual(worst * 1.003 + 1e-15);
      expect(found).toBeGreaterThanOrEqual(worst * 0.995 - 1e-15);
    }),
  );
});

test('worked by hand: four results, one or two of them checked', () => {
  // k = 1: j = 2 is worst, S = ¾·⅔ = ½, E = 0.1·½·½ / (0.9 + 0.05).
  expect(forgedShare(account({ results: 4, checked: 1, faulty: 0.1 }))).toBeCloseTo(0.025 / 0.95, 12);
  // k = 2: j = 1 is worst, S = ½, E = 0.1·¼·½ / (0.9 + 0.05).
  expect(forgedShare(account({ results: 4, checked: 2, faulty: 0.1 }))).toBeCloseTo(0.0125 / 0.95, 12);
  // Half of the checks miss, a quarter survives its standing check: j = 1, S = ¼·(1 − ½·½) = 3/16.
  expect(forgedShare(account({ results: 4, checked: 2, faulty: 0.1, missed: 0.5, survives: 0.25 }))).toBeCloseTo(
    (0.1 * 0.25 * 0.1875) / (0.9 + 0.1 * 0.1875),
    12,
  );
});

test('it approaches Sarmenta’s bound for many results, whatever their number', () => {
  for (const results of [1000, 20_000, 1_000_000])
    for (const checked of [10, 20, 50]) {
      const bound = (0.02 / 0.98) * (1 / (checked * Math.E));
      const found = forgedShare(account({ results, checked, faulty: 0.02 }));
      expect(found / bound).toBeGreaterThan(0.92);
      expect(found / bound).toBeLessThan(1.01);
    }
});

test('unchecked, all may be wrong; checked whole, none is', () => {
  for (const results of [1, 2.5, 64, 65, 1000, 123_456]) {
    expect(forgedShare(account({ results }))).toBeCloseTo(0.05, 12);
    expect(forgedShare(account({ results, checked: results }))).toBe(0);
  }
  expect(forgedShare(account({ results: 500, survives: 0 }))).toBe(0);
  expect(forgedShare(account({ results: 500, checked: 20, faulty: 1 }))).toBeLessThanOrEqual(1);
  expect(forgedShare(account({ results: 500, checked: 20, faulty: 0 }))).toBe(0);
});

test('it is a chance, falls with every check, and rises with each chance to cheat', () => {
  fc.assert(
    fc.property(accounts, share, (facts, more) => {
      const found = forgedShare(facts);
      expect(found).toBeGreaterThanOrEqual(0);
      expect(found).toBeLessThanOrEqual(1);
      const slack = found * (1 + 1e-9) + 1e-15;
      const towards = (value: number, limit: number) => value + (limit - value) * more;
      expect(forgedShare({ ...facts, checked: towards(facts.checked, facts.results) })).toBeLessThanOrEqual(slack);
      expect(forgedShare({ ...facts, missed: towards(facts.missed, 0) })).toBeLessThanOrEqual(slack);
      expect(forgedShare({ ...facts, survives: towards(facts.survives, 0) })).toBeLessThanOrEqual(slack);
      expect(forgedShare({ ...facts, faulty: towards(facts.faulty, 0) })).toBeLessThanOrEqual(slack);
    }),
  );
});

test('the checks needed are enough, and a quarter fewer are not', () => {
  fc.assert(
    fc.property(accounts, fc.double({ min: 1e-5, max: 0.1, noNaN: true }), (facts, epsilon) => {
      const needed = checksNeeded({ ...facts, epsilon });
      const at = (checked: number) => forgedShare({ ...facts, checked });
      if (needed < facts.results) expect(at(needed)).toBeLessThanOrEqual(epsilon);
      if (needed >= 0.25 && needed < facts.results) expect(at(needed - 0.25)).toBeGreaterThan(epsilon);
      if (needed === facts.results) expect(at(Math.ceil(needed * 4 - 1) / 4)).toBeGreaterThan(epsilon);
    }),
  );
  // f/(1−f)/(k·e) = ε gives k = 0.0526/(0.005·2.718) ≈ 3.9; the finite form has (k+1)·(1+1/k)ᵏ for k·e, hence less.
  expect(checksNeeded({ ...account({ results: 1000 }), epsilon: 0.005 })).toBe(3.5);
});
