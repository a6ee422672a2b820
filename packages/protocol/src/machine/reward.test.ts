import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeId } from '../../testing/arbitraries.ts';
import { nodeOf } from '../../testing/unit-fixtures.ts';
import { checkWeight, type RewardPart, splitReward, WHOLE_WEIGHT } from './reward.ts';

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((a, b) => a + b, 0n);
const price = fc.bigInt({ min: 0n, max: 10n ** 30n });
const feeBps = fc.integer({ min: 0, max: 10_000 });

test('shares and fee add up to the price exactly, and equal work differs by at most the remainder', () => {
  fc.assert(
    fc.property(price, feeBps, fc.uniqueArray(nodeId, { minLength: 1, maxLength: 7 }), (amount, fee, nodes) => {
      const parts = nodes.map((id, i) => ({ nodeId: id, weight: WHOLE_WEIGHT, at: i }));
      const split = splitReward(amount, fee, parts);
      expect(sum(split.shares.values()) + split.fee).toBe(amount);
      const sorted = [...split.shares.values()].sort((a, b) => (a < b ? -1 : 1));
      expect((sorted.at(-1) as bigint) - (sorted[0] as bigint)).toBeLessThan(BigInt(nodes.length));
    }),
  );
});

const part = fc.record({
  nodeId: fc.integer({ min: 1, max: 4 }).map(nodeOf),
  weight: fc.integer({ min: 1, max: WHOLE_WEIGHT }),
  at: fc.nat(9),
});

test('whatever was checked and by whom: nothing is lost, and nobody gets less than the share of their weight', () => {
  fc.assert(
    fc.property(price, feeBps, fc.array(part, { minLength: 1, maxLength: 9 }), (amount, fee, parts) => {
      const split = splitReward(amount, fee, parts);
      expect(sum(split.shares.values()) + split.fee).toBe(amount);
      const total = parts.reduce((all, { weight }) => all + BigInt(weight), 0n);
      for (const [id, share] of split.shares) {
        const own = parts.filter((one) => one.nodeId === id);
        const fair = ((amount - split.fee) * own.reduce((all, { weight }) => all + BigInt(weight), 0n)) / total;
        expect(share).toBeGreaterThanOrEqual(fair - BigInt(own.length));
      }
    }),
  );
});

test('the remainder goes to the earliest; two who came together are ordered by their names', () => {
  const parts = (...ats: [number, number]): RewardPart[] =>
    ats.map((at, i) => ({ nodeId: nodeOf(2 - i), weight: WHOLE_WEIGHT, at }));
  expect(splitReward(11n, 0, parts(9, 3)).shares.get(nodeOf(1))).toBe(6n);
  expect(splitReward(11n, 0, parts(3, 9)).shares.get(nodeOf(2))).toBe(6n);
  expect(splitReward(11n, 0, parts(3, 3)).shares.get(nodeOf(1))).toBe(6n);
  expect(splitReward(11n, 0, [])).toEqual({ fee: 0n, shares: new Map() });
});

test('the work of a checker weighs as its share of the chunks, and never nothing', () => {
  expect(checkWeight(16, 256)).toBe(63);
  expect(checkWeight(256, 256)).toBe(WHOLE_WEIGHT);
  expect(checkWeight(1, 100_000)).toBe(1);
});
