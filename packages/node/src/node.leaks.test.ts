import type { Clock } from '@reckon/protocol/base/ports';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import { expect, test } from 'vitest';
import { createNodeWorld, type NodeWorld } from '../testing/node-world.ts';

test('a hundred starts and stops leave no timer, connection, pool or unit behind', async () => {
  let world: NodeWorld | undefined;
  let sleeping = 0;
  let listening = 0;
  const clock: Clock = {
    now: () => (world as NodeWorld).time.now(),
    async sleep(ms, signal) {
      sleeping++;
      if (signal !== undefined) listening++;
      try {
        await (world as NodeWorld).time.sleep(ms, signal);
      } finally {
        sleeping--;
        if (signal !== undefined) listening--;
      }
    },
  };
  const time = { now: () => Date.UTC(2026, 10, 20) };
  world = await createNodeWorld({ clock: { ...clock, now: () => world?.time.now() ?? time.now() } });
  const { relay, node, pools, settle, until } = world;
  const ends = new Set<string>();
  for (let i = 0; i < 100; i++) {
    relay.post(i, [toUtf8(`input ${i}`)]);
    node.start();
    await until(() => node.snapshot().state === 'computing');
    if (i % 3 === 0) node.finish();
    else node.pause();
    await until(() => node.snapshot().state === 'paused' && !node.snapshot().channel.connected);
    ends.add(String(node.snapshot().reason));
  }
  await settle();
  // Whatever lingered has had its time.
  const { time: virtual } = world;
  const calm = virtual.now() + 60_000;
  virtual.after(60_001, () => {});
  await virtual.runUntil(() => virtual.now() >= calm, 120_000);
  await settle();
  expect(ends).toEqual(new Set(['finished', 'user']));
  expect(pools.every((pool) => pool.closed && pool.busy === 0)).toBe(true);
  expect([sleeping, listening]).toEqual([0, 0]);
  expect(node.snapshot().units).toEqual([]);
  expect(relay.faults).toEqual([]);
}, 60_000);
