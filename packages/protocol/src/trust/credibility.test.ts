import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupCredibility, spotCheckError, votesError, worstSpotCheckError } from './credibility.ts';

const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });

test('the voting error is the chance that a majority is faulty', () => {
  expect(votesError(0.2, 1)).toBeCloseTo(0.2, 15);
  // 2 of 3: 3·0.2²·0.8 + 0.2³.
  expect(votesError(0.2, 2)).toBeCloseTo(0.104, 15);
  // 3 of 5: 10·0.1³·0.9² + 5·0.1⁴·0.9 + 0.1⁵.
  expect(votesError(0.1, 3)).toBeCloseTo(0.00856, 15);
  fc.assert(
    fc.property(share, fc.integer({ min: 1, max: 5 }), (f, m) => {
      // Every outcome of 2m − 1 votes, one by one.
      let wrong = 0;
      for (let outcome = 0; outcome < 2 ** (2 * m - 1); outcome++) {
        const faulty = outcome.toString(2).replaceAll('0', '').length;
        if (faulty >= m) wrong += f ** faulty * (1 - f) ** (2 * m - 1 - faulty);
      }
      expect(votesError(f, m)).toBeCloseTo(wrong, 12);
    }),
  );
  expect(votesError(0.5, 200)).toBeCloseTo(0.5, 12);
});

const checks = fc.record({
  f: fc.double({ min: 0.001, max: 0.9, noNaN: true }),
  q: share,
  n: fc.integer({ min: 1, max: 300 }),
});

test('the spot-check error by hand, and without checks', () => {
  // (1 − ½·½)² = 9/16 survive.
  expect(spotCheckError({ s: 0.5, f: 0.2, q: 0.5, n: 2 })).toBeCloseTo((0.5 * 0.2 * 0.5625) / (0.8 + 0.2 * 0.5625), 15);
  expect(spotCheckError({ s: 0.5, f: 0.2, q: 0, n: 100 })).toBeCloseTo(0.1, 15);
  expect(spotCheckError({ s: 1, f: 1, q: 1, n: 1 })).toBe(0);
});

test('no share of sabotage does better than the worst, which stays below Sarmenta’s bound', () => {
  fc.assert(
    fc.property(checks, (facts) => {
      const worst = worstSpotCheckError(facts);
      let tried = 0;
      for (let s = 0; s <= 1; s += 1 / 512) tried = Math.max(tried, spotCheckError({ s, ...facts }));
      expect(worst).toBeGreaterThanOrEqual(tried * (1 - 1e-12));
      expect(worst).toBeLessThanOrEqual(tried * 1.01 + 0.01 * facts.f);
      const { f, q, n } = facts;
      expect(worst).toBeLessThanOrEqual((f / (1 - f) / (q * n * Math.E)) * (1 + 1e-12));
    }),
  );
});

const groups = fc.array(fc.array(share, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });

test('a group’s credibility is Sarmenta’s fraction', () => {
  // Two nodes of 0.9 against one of 0.8: 0.81·0.2 / (0.01·0.2 + 0.81·0.2 + 0.8·0.01).
  const [pair, single] = groupCredibility([{ members: [0.9, 0.9] }, { members: [0.8] }]) as [number, number];
  expect(pair).toBeCloseTo(0.162 / 0.172, 14);
  expect(single).toBeCloseTo(0.008 / 0.172, 14);
  fc.assert(
    fc.property(groups, (lists) => {
      const right = lists.map((list) => list.reduce((a, p) => a * p, 1));
      const wrong = lists.map((list) => list.reduce((a, p) => a * (1 - p), 1));
      const none = wrong.reduce((a, b) => a * b, 1);
      const only = right.map((p, a) => wrong.reduce((product, q, i) => (i === a ? product : product * q), p));
      const sum = only.reduce((a, b) => a + b, none);
      const found = groupCredibility(lists.map((members) => ({ members })));
      found.forEach((value, a) => expect(value).toBeCloseTo((only[a] as number) / sum, 10));
    }),
  );
});

test('one more member makes its group more credible and the others less', () => {
  fc.assert(
    fc.property(groups, fc.double({ min: 0.51, max: 0.99, noNaN: true }), (lists, joining) => {
      const before = groupCredibility(lists.map((members) => ({ members })));
      const after = groupCredibility(
        lists.map((members, i) => ({ members: i === 0 ? [...members, joining] : members })),
      );
      expect(after[0]).toBeGreaterThanOrEqual(before[0] as number);
      after.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(before[i + 1] as number));
    }),
  );
});

test('hundreds of members neither overflow nor underflow', () => {
  const many = (count: number, chance: number) => ({ members: Array<number>(count).fill(chance) });
  expect(groupCredibility([many(500, 0.999), many(501, 0.999)])[1]).toBeCloseTo(0.999, 12);
  // 999²⁶ is past the first change of scale, 999²⁵ is not.
  expect(groupCredibility([many(25, 0.999), many(26, 0.999)])[1]).toBeCloseTo(0.999, 12);
  expect(groupCredibility([many(500, 0.001), many(1, 0.9)])[1]).toBeCloseTo(0.9, 12);
  const mixed = { members: [...many(26, 0.001).members, ...many(26, 0.999).members] };
  expect(groupCredibility([mixed])[0]).toBeCloseTo(0.5, 12);
  expect(groupCredibility([many(300, 1), many(300, 1)])).toEqual([0.5, 0.5]);
  expect(groupCredibility([many(1, 1), many(1, 0)])).toEqual([1, 0].map((value) => expect.closeTo(value, 12)));
  expect(groupCredibility([])).toEqual([]);
});
