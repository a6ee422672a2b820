import { toUtf8 } from '@reckon/protocol/base/bytes';
import type { Clock } from '@reckon/protocol/base/ports';
import { ReckonError, toWire } from '@reckon/protocol/base/errors';
import type { NodeMessage } from '@reckon/protocol/wire/messages';
import { expect, test } from 'vitest';
import { createMemoryStore } from '../testing/memory-store.ts';
import { createNodeWorld, type NodeWorld, START } from '../testing/node-world.ts';

/** A lease a node was given ends in a result or in a word to the relay, whatever happened before. */

const sent = <T extends NodeMessage['type']>({ relay }: NodeWorld, type: T) =>
  relay.received.filter((message): message is Extract<NodeMessage, { type: T }> => message.type === type);

test('a failure nobody heard of is told again when the relay repeats the lease', async () => {
  const world = await createNodeWorld();
  const { relay, node, kernel, until } = world;
  kernel.fails = true;
  const lease = relay.post(0);
  node.start();
  await until(() => node.snapshot().state === 'computing');
  relay.down = true;
  relay.cut();
  await until(() => node.snapshot().totals.failed === 1);
  expect(sent(world, 'failed')).toEqual([]);
  relay.down = false;
  await until(() => relay.connections === 2);
  await world.settle();
  relay.send(lease);
  await until(() => sent(world, 'failed').length === 1);
  expect(sent(world, 'failed')[0]).toMatchObject({ workUnitId: lease.workUnitId });
});

test('a result that could not be kept over a reload is computed again', async () => {
  const store = createMemoryStore();
  store.writeUnsent = () => Promise.reject(new Error('QuotaExceededError'));
  const world = await createNodeWorld({ store });
  const { relay, node, until, settle } = world;
  relay.confirms = false;
  const lease = relay.post(0);
  node.start();
  await until(() => node.snapshot().log[0]?.outcome === 'sending');
  await settle();
  relay.cut();
  node.close();
  const next = await world.reload();
  relay.confirms = true;
  next.start();
  await until(() => relay.connections === 2);
  await settle();
  relay.send(lease);
  await until(() => relay.stored.size === 1);
});

test('a result refused for its bytes is given up aloud, so that another node may be asked at once', async () => {
  const world = await createNodeWorld();
  const { relay, node, until, settle } = world;
  relay.confirms = false;
  const { workUnitId } = relay.post(0);
  node.start();
  await until(() => sent(world, 'commit').length === 1);
  const error = toWire(new ReckonError('BLOB_CORRUPT', { expected: '0x1', received: '0x2' }));
  relay.send({ type: 'refused', error, fatal: false, workUnitId });
  await settle();
  expect(sent(world, 'failed')).toMatchObject([{ workUnitId, error: { code: 'BLOB_CORRUPT' } }]);
});

test('large results are committed one by one, each just before its bytes', async () => {
  const store = createMemoryStore(64 * 1024 ** 2);
  const world = await createNodeWorld({ store });
  const { relay, node, until, settle } = world;
  const large = (index: number) => new Uint8Array(700_000).fill(index);
  relay.confirms = false;
  for (const index of [0, 1, 2]) relay.post(index, [large(index)]);
  node.start();
  await until(() => node.snapshot().log.filter(({ outcome }) => outcome === 'sending').length === 3);
  await settle();
  relay.cut();
  await until(() => relay.connections === 2);
  await until(() => sent(world, 'commit').length >= 6);
  expect(sent(world, 'commit').map(({ seals }) => seals.length)).toEqual([1, 1, 1, 1, 1, 1]);
});

test('a blob asked for twice after a pause in the middle of its download arrives', async () => {
  const world = await createNodeWorld();
  const { relay, node, until, settle } = world;
  const model = toUtf8('model');
  relay.post(0, [model]);
  node.start();
  await until(() => sent(world, 'want').length > 0);
  node.pause();
  await settle();
  node.start();
  await until(() => relay.stored.size === 1);
  expect(sent(world, 'failed')).toEqual([]);
});

test('a lease that was on its way when the node began to finish is finished too', async () => {
  const world = await createNodeWorld();
  const { relay, node, until, settle } = world;
  relay.post(0);
  node.start();
  await until(() => node.snapshot().state === 'computing');
  node.finish();
  const late = relay.post(1);
  relay.send(late);
  await settle();
  await until(() => relay.stored.size === 1 && node.snapshot().units.length > 0);
  await until(() => sent(world, 'commit').some(({ seals }) => seals[0]?.workUnitId === late.workUnitId));
  await until(() => node.snapshot().state === 'paused');
});

test('a connection that broke without a word is given up and opened anew', async () => {
  const world = await createNodeWorld();
  const { relay, node, time, until } = world;
  node.start();
  await until(() => sent(world, 'heartbeat').length === 2);
  expect(relay.connections).toBe(1);
  relay.mute = true;
  const silentAt = time.now();
  await until(() => relay.connections === 2);
  expect(time.now() - silentAt).toBeLessThan(75_000);
});

test.each([-3, 3])('a device whose clock is %i days off may compute all the same', async (days) => {
  let time: NodeWorld['time'] | undefined;
  const off = days * 24 * 3_600_000;
  const clock: Clock = {
    now: () => (time?.now() ?? START) + off,
    sleep: (ms, signal) => (time as NodeWorld['time']).sleep(ms, signal),
  };
  const world = await createNodeWorld({ clock });
  time = world.time;
  const { relay, node, until } = world;
  relay.post(0);
  node.start();
  await until(() => relay.stored.size === 1 && sent(world, 'heartbeat').length > 2);
  expect(relay.connections).toBe(1);
});
