import type { ShardEvent } from '@reckon/protocol/journal/entry';
import type { ShardState } from '@reckon/protocol/machine/state';
import { expect, test } from 'vitest';
import { createTestClock } from '../../testing/world.ts';
import { createPublishable } from './publishable.ts';

const ticked = (at: number): ShardEvent => ({ type: 'clock.ticked', at, draw: 0 });

test('entries become public once they are on disk and old enough, batch by batch', () => {
  const clock = createTestClock();
  const publishable = createPublishable(clock, 1000);
  const start = clock.time;
  const enter = (firstIndex: number, ...times: number[]) =>
    publishable.listener({ firstIndex, events: times.map((at) => ticked(start + at)), changes: [] }, {} as ShardState);
  const first = enter(0, 0, 100);
  clock.time += 5000;
  expect(publishable.count()).toBe(0);
  void first?.();
  expect(publishable.count()).toBe(2);
  void enter(2, 4000, 4100)?.();
  void enter(4, 4600)?.();
  expect(publishable.count()).toBe(2);
  clock.time += 100;
  expect(publishable.count()).toBe(4);
  clock.time += 499;
  expect(publishable.count()).toBe(4);
  clock.time += 1;
  expect(publishable.count()).toBe(5);
});
