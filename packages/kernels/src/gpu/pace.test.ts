import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_DISPATCH_MS, nextPace, startPace, TARGET_MS } from './pace.ts';

const cost = fc.double({ min: 1e-7, max: 400, noNaN: true });
const targets = fc.constantFrom(...Object.values(TARGET_MS));

test('on any device of steady cost the pace comes to the target and stays, or is one item', () => {
  fc.assert(
    fc.property(cost, targets, fc.integer({ min: 1, max: 64 }), (msPerItem, target, first) => {
      let pace = startPace(first);
      for (let i = 0; i < 40; i++) pace = nextPace(pace, pace.items, pace.items * msPerItem, target);
      const ms = pace.items * msPerItem;
      expect(pace.items === 1 || ms <= target * 1.01).toBe(true);
      expect(ms + msPerItem).toBeGreaterThanOrEqual(target * 0.99);
    }),
  );
});

test('whatever the costs, it never grows more than fourfold nor plans 250 ms at the worst cost just seen', () => {
  fc.assert(
    fc.property(fc.array(cost, { minLength: 1, maxLength: 30 }), targets, (costs, target) => {
      let pace = startPace(4);
      for (const msPerItem of costs) {
        const done = pace.items;
        pace = nextPace(pace, done, done * msPerItem, target);
        expect(Number.isInteger(pace.items)).toBe(true);
        expect(pace.items).toBeGreaterThanOrEqual(1);
        expect(pace.items).toBeLessThanOrEqual(done * 4);
        if (pace.items > 1) expect(pace.items * pace.worstMsPerItem).toBeLessThanOrEqual(MAX_DISPATCH_MS);
        if (pace.items > 1) expect(pace.items * msPerItem).toBeLessThanOrEqual(target * 1.01);
      }
    }),
  );
});

test('an item that was dear is remembered while cheap ones follow, and forgotten in the end', () => {
  let pace = nextPace(startPace(1), 1, 200, TARGET_MS.visible);
  expect(pace.items).toBe(1);
  const sizes = Array.from({ length: 12 }, () => {
    pace = nextPace(pace, 1000, 1, TARGET_MS.visible);
    return pace.items;
  });
  expect(sizes.slice(0, 3)).toEqual([2, 5, 10]);
  expect(sizes.at(-1)).toBe(4000);
});

test('a first size below one item is one', () => {
  expect(startPace(0.2).items).toBe(1);
});
