import { expect, test } from 'vitest';
import { runMsOf, unitSizeHint } from './unit-figures.ts';

test('a unit takes a second for each credit, and less where its lease says so', () => {
  expect(runMsOf({ creditsPerUnit: 4, leaseMs: 60_000 })).toBe(4000);
  expect(runMsOf({ creditsPerUnit: 1, leaseMs: 20_400 })).toBe(200);
  expect(runMsOf({ creditsPerUnit: 1, leaseMs: 20_000 })).toBe(20);
});

test('small and large units are remarked on, those between are not', () => {
  expect(unitSizeHint(300)).toContain('about 0.3 s. Larger units');
  expect(unitSizeHint(25_000)).toContain('about 30 s. Smaller units');
  expect([2000, 10_000].map(unitSizeHint)).toEqual([undefined, undefined]);
});
