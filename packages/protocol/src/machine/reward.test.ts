import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeId } from '../../testing/arbitraries.ts';
import { splitReward } from './reward.ts';

test('shares and fee add up to the price exactly, and differ by at most the remainder', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.integer({ min: 0, max: 10_000 }),
      fc.uniqueArray(nodeId, { minLength: 1, maxLength: 7 }),
      (price, feeBps, nodes) => {
        const { fee, shares } = splitReward(
          price,
          feeBps,
          nodes.map((id, i) => ({ nodeId: id, revealedAt: i })),
        );
        expect([...shares.values()].reduce((a, b) => a + b, 0n) + fee).toBe(price);
        const sorted = [...shares.values()].sort((a, b) => (a < b ? -1 : 1));
        expect((sorted.at(-1) as bigint) - (sorted[0] as bigint)).toBeLessThan(BigInt(nodes.length));
      },
    ),
  );
});

test('the remainder goes to the earliest reveal', () => {
  const [late, early] = ['0x01', '0x02'] as unknown as [Parameters<typeof splitReward>[2][number]['nodeId'], never];
  const { shares } = splitReward(11n, 0, [
    { nodeId: late, revealedAt: 9 },
    { nodeId: early, revealedAt: 3 },
  ]);
  expect([...shares]).toEqual([
    [early, 6n],
    [late, 5n],
  ]);
});
