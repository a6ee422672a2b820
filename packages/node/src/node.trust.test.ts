import { toHex } from '@reckon/protocol/base/bytes';
import { ReckonError, toWire } from '@reckon/protocol/base/errors';
import { chunkDigest } from '@reckon/protocol/trust/chunk-tree';
import type { NodeMessage } from '@reckon/protocol/wire/messages';
import { expect, test } from 'vitest';
import { echoChunks } from '../testing/fake-pool.ts';
import { HEARTBEAT_MS } from '../testing/fake-relay.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { createNodeWorld, type NodeWorld } from '../testing/node-world.ts';

const sent = <T extends NodeMessage['type']>({ relay }: NodeWorld, type: T) =>
  relay.received.filter((message): message is Extract<NodeMessage, { type: T }> => message.type === type);
const barred = toWire(new ReckonError('NODE_BARRED', { reason: 'CHUNK_WRONG', until: '2026-12-18T00:00:00Z' }));

test('a result is sealed before it is shown, with another salt for each', async () => {
  const world = await createNodeWorld();
  const { relay, node, until } = world;
  for (const index of [0, 1, 2]) relay.post(index);
  node.start();
  await until(() => relay.stored.size === 3);
  expect(relay.faults).toEqual([]);
  const kinds = relay.received.map(({ type }) => type).filter((type) => type === 'commit' || type === 'reveal');
  expect(kinds.filter((_, i) => i % 2 === 0)).not.toContain('reveal');
  const salts = sent(world, 'reveal').flatMap((message) => message.salts);
  expect(new Set(salts).size).toBe(3);
});

test('a reload seals an unconfirmed result with the same seal', async () => {
  const world = await createNodeWorld();
  const { relay, node, until } = world;
  relay.confirms = false;
  const { workUnitId } = relay.post(0);
  node.start();
  await until(() => relay.commits.size === 1);
  const seal = relay.seals.get(workUnitId);
  relay.cut();
  node.close();
  const again = await world.reload();
  again.start();
  await until(() => sent(world, 'commit').length === 2);
  expect(sent(world, 'commit')[1]?.seals).toEqual([{ workUnitId, seal }]);
  expect(relay.faults).toEqual([]);
});

test('a check is answered with the digests of its chunks, counted, and listed as work', async () => {
  const store = createMemoryStore();
  const world = await createNodeWorld({ store });
  const { relay, node, pools, settle, until } = world;
  const lease = relay.check(7, [2, 0]);
  node.start();
  await until(() => node.snapshot().state === 'computing');
  expect(node.snapshot().units[0]).toMatchObject({ index: 7, check: true });
  await until(() => relay.answers.size === 1);
  await settle();
  const input = { params: lease.params, blobs: new Map<string, Uint8Array>() };
  const digest = (index: number) => toHex(chunkDigest(echoChunks.compute(input, index)));
  expect(relay.answers.get(lease.workUnitId)).toEqual([
    { index: 2, digest: digest(2) },
    { index: 0, digest: digest(0) },
  ]);
  expect(relay.faults).toEqual([]);
  expect(node.snapshot()).toMatchObject({
    units: [],
    log: [{ index: 7, outcome: 'checked', chunks: 2, resultDigest: null }],
    totals: { checks: 1, waiting: 0 },
  });
  expect([await store.listUnsent(), sent(world, 'commit')]).toEqual([[], []]);
  expect(pools[0]?.begun).toHaveLength(1);
  expect((await world.reload()).snapshot().totals.checks).toBe(1);
});

test('a check whose answer was lost on the way is answered again without computing it again', async () => {
  const world = await createNodeWorld();
  const { relay, node, pools, until } = world;
  relay.check(0, [1]);
  relay.mute = true;
  node.start();
  await until(() => sent(world, 'checked').length === 1);
  relay.mute = false;
  relay.cut();
  await until(() => relay.answers.size === 1);
  expect(pools[0]?.begun).toHaveLength(1);
  expect(node.snapshot().totals.checks).toBe(1);
});

test('a check that is running at a stop is forgotten', async () => {
  const world = await createNodeWorld();
  const { relay, node, settle, until } = world;
  relay.check(0, [1]);
  node.start();
  await until(() => node.snapshot().state === 'computing');
  node.pause();
  await settle();
  expect([sent(world, 'checked'), node.snapshot().totals.checks, node.snapshot().log]).toEqual([[], 0, []]);
});

test('a unit that fails at its check says so and leaves no line', async () => {
  const world = await createNodeWorld();
  world.kernel.fails = true;
  world.relay.check(0, [1]);
  world.node.start();
  await world.until(() => sent(world, 'failed').length === 1);
  expect(world.node.snapshot()).toMatchObject({ log: [], totals: { failed: 0, checks: 0 } });
});

test('the log says why a result did not count', async () => {
  const { relay, node, settle, until } = await createNodeWorld();
  const { workUnitId, jobId } = relay.post(0);
  node.start();
  await until(() => relay.stored.size === 1);
  await settle();
  const reason = toWire(new ReckonError('CHUNK_WRONG', { workUnitId }));
  relay.send({ type: 'verdict', workUnitId, jobId, verdict: 'disagreed', credits: 0, reward: 0n, reason });
  await settle();
  expect(node.snapshot().log[0]).toMatchObject({ outcome: 'disagreed', reason: 'CHUNK_WRONG' });
  expect(node.snapshot().totals).toMatchObject({ disagreed: 1, waiting: 0 });
});

test.each([
  ['at work', (world: NodeWorld) => world.relay.send({ type: 'refused', fatal: false, error: barred })],
  [
    'at its next hello',
    ({ relay }: NodeWorld) => {
      relay.refusal = barred;
      relay.cut();
    },
  ],
])('a node barred %s is blocked, says why, and does not try again', async (_when, bar) => {
  const world = await createNodeWorld();
  const { relay, node, time, settle, until } = world;
  node.start();
  await until(() => node.snapshot().state === 'waiting');
  bar(world);
  await until(() => node.snapshot().state === 'blocked');
  expect(node.snapshot()).toMatchObject({ reason: 'barred', error: barred });
  expect(node.snapshot().status.next).toContain('Gets work again after 2026-12-18');
  const { connections } = relay;
  let later = false;
  time.after(600_000, () => {
    later = true;
  });
  await until(() => later);
  await settle();
  expect(relay.connections).toBe(connections);
});

test('heartbeats tell how long the last one took to be heard', async () => {
  const world = await createNodeWorld();
  const { relay, node, time, until } = world;
  relay.mute = true;
  node.start();
  await until(() => sent(world, 'heartbeat').length === 2);
  // Answers come in order: this one is to the first, which waited for the second.
  time.after(300, () => relay.send({ type: 'heard' }));
  await until(() => sent(world, 'heartbeat').length === 3);
  time.after(400, () => {
    relay.send({ type: 'heard' });
    relay.send({ type: 'heard' });
  });
  await until(() => sent(world, 'heartbeat').length === 4);
  const told = sent(world, 'heartbeat').map(({ rttMs }) => rttMs);
  expect(told).toEqual([undefined, undefined, HEARTBEAT_MS + 300, 400]);
});

test('a hundred and twenty-eight short units at once are all computed, and only the next few are fetched ahead', async () => {
  const world = await createNodeWorld({ store: createMemoryStore(1024 ** 3) });
  const { relay, node, settle, until } = world;
  world.kernel.ms = 50;
  node.start();
  await until(() => node.snapshot().state === 'waiting');
  // The relay gives out more than the slots announced, as it does for short units.
  const leases = Array.from({ length: 128 }, (_, index) => relay.post(index, [new Uint8Array(50).fill(index)]));
  for (const lease of leases.slice(4)) relay.send(lease);
  await settle();
  expect(node.snapshot().units).toHaveLength(128);
  expect(sent(world, 'want').length).toBeLessThanOrEqual(8);
  await until(() => relay.stored.size === 128);
  expect(relay.faults).toEqual([]);
  expect(sent(world, 'heartbeat').every(({ units }) => units.length <= 128)).toBe(true);
});
