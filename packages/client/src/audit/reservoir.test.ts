import { expect, test } from 'vitest';
import { countingRandom } from '../../testing/audit-world.ts';
import { createReservoir } from './reservoir.ts';

test('fewer than it holds are all kept', () => {
  const reservoir = createReservoir<number>(5, countingRandom());
  for (let i = 0; i < 3; i++) reservoir.offer(i);
  expect(reservoir).toMatchObject({ kept: [0, 1, 2], seen: 3 });
});

test('each of many has the same chance, the first as the last', () => {
  const counts = Array.from({ length: 12 }, () => 0);
  const random = countingRandom();
  for (let round = 0; round < 2000; round++) {
    const reservoir = createReservoir<number>(3, random);
    for (let i = 0; i < 12; i++) reservoir.offer(i);
    expect(new Set(reservoir.kept).size).toBe(3);
    for (const kept of reservoir.kept) counts[kept] = (counts[kept] as number) + 1;
  }
  // 500 expected of each; the random numbers are always the same, and five standard deviations are 97.
  for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(97);
});
