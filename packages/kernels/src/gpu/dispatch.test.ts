import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { dispatchRanges, type RangeRun } from './dispatch.ts';
import { ReckonError } from '@reckon/protocol/base/errors';

/** A queue that works through submissions one after the other, each at `msPerItem`, on a clock of its own. */
function fakeQueue(msPerItem: (first: number) => number) {
  let now = 0;
  let busyUntil = 0;
  const submitted: { first: number; count: number; at: number }[] = [];
  let flying = 0;
  let most = 0;
  const lost = new AbortController();
  const queue = {
    async onSubmittedWorkDone() {
      most = Math.max(most, ++flying);
      const end = busyUntil;
      await new Promise(setImmediate);
      now = Math.max(now, end);
      flying--;
    },
  };
  return {
    lease: { device: { queue } as unknown as GPUDevice, lost: lost.signal },
    lost,
    submitted,
    clock: () => now,
    most: () => most,
    submit(first: number, count: number) {
      submitted.push({ first, count, at: now });
      busyUntil = Math.max(busyUntil, now) + count * msPerItem(first);
    },
  };
}

const run = (changes: Partial<RangeRun> & Pick<RangeRun, 'items' | 'submit'>): RangeRun => ({
  firstItems: 1,
  signal: new AbortController().signal,
  ...changes,
});

test('every item is submitted exactly once and in order, in whole granules, within the limit', async () => {
  const sizes = fc.record({
    items: fc.integer({ min: 1, max: 3000 }),
    firstItems: fc.integer({ min: 1, max: 40 }),
    granule: fc.constantFrom(1, 4, 32),
    maxItems: fc.constantFrom(64, 1000, Infinity),
    ms: fc.double({ min: 0.001, max: 5, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ ms, ...of }) => {
      const fake = fakeQueue(() => ms);
      const done: number[] = [];
      await dispatchRanges(
        fake.lease,
        run({ ...of, submit: fake.submit, onDone: (count) => done.push(count) }),
        fake.clock,
      );
      let next = 0;
      for (const { first, count } of fake.submitted) {
        expect(first).toBe(next);
        next += count;
        if (next < of.items) expect(count % of.granule).toBe(0);
        expect(count).toBeLessThanOrEqual(Math.max(of.granule, of.maxItems));
      }
      expect(next).toBe(of.items);
      expect(done.at(-1)).toBe(of.items);
      expect(fake.most()).toBeLessThanOrEqual(2);
    }),
    { numRuns: 40 },
  );
});

test.each([
  [true, 12],
  [false, 60],
])('with visible %s submissions settle at %s ms, two under way', async (visible, target) => {
  const fake = fakeQueue(() => 0.05);
  await dispatchRanges(fake.lease, run({ items: 40_000, visible, submit: fake.submit }), fake.clock);
  const late = fake.submitted.slice(-5, -1).map(({ count }) => count * 0.05);
  for (const ms of late) expect(Math.abs(ms - target)).toBeLessThan(0.1);
  expect(fake.most()).toBe(2);
});

test('an abort between two submissions ends the run with its reason, and nothing more is submitted', async () => {
  const fake = fakeQueue(() => 12);
  const stop = new AbortController();
  const onDone = vi.fn((done: number) => done === 3 && stop.abort(new Error('stop')));
  const running = dispatchRanges(
    fake.lease,
    run({ items: 99, submit: fake.submit, signal: stop.signal, onDone }),
    fake.clock,
  );
  await expect(running).rejects.toThrow('stop');
  expect(fake.submitted.length).toBeLessThanOrEqual(5);
});

test('a lost device ends the run, also one that answers nothing but “done”', async () => {
  const fake = fakeQueue(() => 1);
  const onDone = (done: number) => done > 5 && fake.lost.abort(new ReckonError('DEVICE_LOST', { reason: 'gone' }));
  const running = dispatchRanges(fake.lease, run({ items: 999, submit: fake.submit, onDone }), fake.clock);
  await expect(running).rejects.toMatchObject({ code: 'DEVICE_LOST' });
});
