import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { ReckonError, toWire } from '@reckon/protocol/base/errors';
import type { NodeMessage } from '@reckon/protocol/wire/messages';
import { expect, test } from 'vitest';
import { echo } from '../testing/fake-pool.ts';
import { createNodeWorld, type NodeWorld } from '../testing/node-world.ts';

const sent = <T extends NodeMessage['type']>({ relay }: NodeWorld, type: T) =>
  relay.received.filter((message): message is Extract<NodeMessage, { type: T }> => message.type === type);

test('a node that was not started contacts nobody', async () => {
  const { relay, node, settle } = await createNodeWorld();
  await settle();
  expect(relay.connections).toBe(0);
  expect(node.snapshot()).toMatchObject({ state: 'off', status: { title: 'Off' } });
});

test('it greets, offers two units per worker, computes what is leased and delivers it', async () => {
  const world = await createNodeWorld();
  const { relay, node, until } = world;
  const model = toUtf8('a model that two units share');
  const leases = [relay.post(0, [model]), relay.post(1, [model]), relay.post(2)];
  node.start();
  await until(() => relay.stored.size === 3);
  expect(relay.faults).toEqual([]);
  expect(sent(world, 'ready')[0]).toMatchObject({ slots: 4 });
  expect(sent(world, 'want')).toHaveLength(1);
  expect(relay.stored.get(leases[1]!.workUnitId)).toBe(hashBlob(echo(leases[1]!.params, [model])));
  expect(node.snapshot()).toMatchObject({
    state: 'waiting',
    totals: { waiting: 3, accepted: 0, credits: 0, reward: '0' },
  });
});

test('at most as many units compute at once as there are workers, and the next are fetched meanwhile', async () => {
  const { relay, node, pools, until } = await createNodeWorld();
  for (let index = 0; index < 6; index++) relay.post(index);
  node.start();
  let most = 0;
  node.subscribe(() => {
    most = Math.max(most, pools[0]!.busy);
  });
  await until(() => node.snapshot().units.some(({ phase }) => phase === 'queued'));
  await until(() => relay.stored.size === 6);
  expect(most).toBe(2);
});

test('a verdict moves a unit from waiting to accepted, and a repeated one counts once', async () => {
  const { relay, node, settle, until } = await createNodeWorld();
  const { workUnitId, jobId } = relay.post(0);
  node.start();
  await until(() => relay.stored.size === 1);
  await settle();
  const verdict = { type: 'verdict', workUnitId, jobId, verdict: 'agreed', credits: 3, reward: 5n } as const;
  relay.send(verdict);
  relay.send(verdict);
  await settle();
  expect(node.snapshot().totals).toMatchObject({ accepted: 1, waiting: 0, credits: 3, reward: '5' });
  expect(node.snapshot().log[0]).toMatchObject({ outcome: 'accepted', credits: 3, reward: '5' });
  expect(node.snapshot().firstAcceptedAt).not.toBeNull();
});

test('a lease whose input digest does not fit its input is refused, not computed', async () => {
  const world = await createNodeWorld();
  const { relay, node, pools, settle, until } = world;
  node.start();
  await until(() => sent(world, 'ready').length > 0);
  const lease = relay.post(0);
  await settle();
  relay.send({ ...lease, workUnitId: `0x${'12'.repeat(32)}` as never, params: '{"index":7}' });
  await until(() => sent(world, 'failed').length === 1);
  expect(sent(world, 'failed')[0]).toMatchObject({ error: { code: 'ATTESTATION_MISMATCH' } });
  expect(pools[0]!.begun).not.toContain('{"index":7}');
});

test('a damaged blob is asked for once more and then used', async () => {
  const world = await createNodeWorld();
  const { relay, node, until } = world;
  const bytes = new Uint8Array(200_000).fill(9);
  relay.damaged.add(hashBlob(bytes));
  relay.post(0, [bytes]);
  node.start();
  await until(() => relay.stored.size === 1);
  expect(sent(world, 'want').map(({ offset }) => offset)).toEqual([0, 0]);
});

test('a blob that the relay does not have fails its unit with BLOB_MISSING', async () => {
  const world = await createNodeWorld();
  const { relay, node, until } = world;
  node.start();
  await until(() => sent(world, 'ready').length > 0);
  const lease = relay.post(0, [toUtf8('here')]);
  const gone = { name: 'gone', digest: `0x${'ab'.repeat(32)}` as never, size: 4 };
  const { hashUnitInput } = await import('@reckon/protocol/base/hash');
  const inputDigest = hashUnitInput(lease.params, [gone]);
  relay.send({ ...lease, workUnitId: `0x${'34'.repeat(32)}` as never, blobs: [gone], inputDigest });
  await until(() => sent(world, 'failed').length === 1);
  expect(sent(world, 'failed')[0]).toMatchObject({ error: { code: 'BLOB_MISSING' } });
});

test('a kernel failure is told with its code and shown in the log', async () => {
  const world = await createNodeWorld();
  world.kernel.fails = true;
  world.relay.post(0);
  world.node.start();
  await world.until(() => sent(world, 'failed').length === 1);
  expect(sent(world, 'failed')[0]).toMatchObject({ error: { code: 'KERNEL_THREW' } });
  expect(world.node.snapshot().log[0]).toMatchObject({ outcome: 'failed', reason: 'KERNEL_THREW' });
});

test('pause closes the pool at once, says goodbye, and start resumes the unit', async () => {
  const world = await createNodeWorld();
  const { relay, node, pools, settle, until } = world;
  relay.post(0);
  node.start();
  await until(() => node.snapshot().state === 'computing');
  node.pause();
  expect(pools[0]!.closed).toBe(true);
  expect(node.snapshot()).toMatchObject({ state: 'paused', reason: 'user', units: [] });
  await settle();
  expect(sent(world, 'bye')).toHaveLength(1);
  node.start();
  await until(() => relay.stored.size === 1);
  expect(relay.faults).toEqual([]);
});

test('finish completes what is held, takes nothing new, delivers, and pauses', async () => {
  const world = await createNodeWorld();
  const { relay, node, settle, until } = world;
  relay.post(0);
  node.start();
  await until(() => node.snapshot().state === 'computing');
  node.finish();
  await settle();
  relay.post(1);
  await until(() => node.snapshot().state === 'paused');
  expect(node.snapshot().reason).toBe('finished');
  expect(relay.stored.size).toBe(1);
  await settle();
  expect(sent(world, 'bye')).toHaveLength(1);
});

test('a revoked unit is dropped and its slot is free', async () => {
  const { relay, node, settle, until } = await createNodeWorld();
  const { workUnitId } = relay.post(0);
  node.start();
  await until(() => node.snapshot().state === 'computing');
  relay.send({ type: 'revoked', workUnitId, reason: 'the job was cancelled' });
  await settle();
  expect(node.snapshot()).toMatchObject({ state: 'waiting', units: [] });
  expect(node.snapshot().log[0]).toMatchObject({ outcome: 'revoked', reason: 'the job was cancelled' });
});

test('a result that comes too late is dropped and counted as expired', async () => {
  const { relay, node, settle, until } = await createNodeWorld();
  relay.confirms = false;
  const { workUnitId } = relay.post(0);
  node.start();
  await until(() => relay.commits.size === 1);
  const error = toWire(new ReckonError('LEASE_EXPIRED', { workUnitId, lateMs: 9 }));
  relay.send({ type: 'refused', error, fatal: false, workUnitId });
  await settle();
  expect(node.snapshot().totals).toMatchObject({ expired: 1, waiting: 0 });
  relay.cut();
  await until(() => relay.connections === 2);
  await settle();
  expect(relay.commits.size).toBe(1);
});

test('an unconfirmed result is sent again after the connection is lost', async () => {
  const { relay, node, until } = await createNodeWorld();
  relay.confirms = false;
  relay.post(0);
  node.start();
  await until(() => relay.commits.size === 1);
  relay.confirms = true;
  relay.cut();
  await until(() => relay.stored.size === 1);
  expect(relay.faults).toEqual([]);
  expect([...relay.commits.values()]).toEqual([1, 1]);
});

test('an unconfirmed result survives a reload', async () => {
  const world = await createNodeWorld();
  const { relay, node, until } = world;
  relay.confirms = false;
  relay.post(0);
  node.start();
  await until(() => relay.commits.size === 1);
  relay.down = true;
  relay.cut();
  relay.confirms = true;
  node.close();
  relay.down = false;
  const again = await world.reload();
  expect(again.snapshot().log).toHaveLength(1);
  again.start();
  await until(() => relay.stored.size === 1);
  expect(relay.faults).toEqual([]);
});

test('attempts to reconnect are spaced out and shown, and end with the relay', async () => {
  const { relay, node, time, until } = await createNodeWorld();
  relay.down = true;
  node.start();
  await until(() => node.snapshot().channel.retryAt !== null);
  expect(node.snapshot()).toMatchObject({ state: 'starting', error: { code: 'CHANNEL_UNAVAILABLE' } });
  const from = time.now();
  await until(() => time.now() - from > 600_000);
  relay.down = false;
  await until(() => relay.connections === 1);
});

test('without consent nothing is computed and the node says so', async () => {
  const { relay, node, time, settle } = await createNodeWorld({ consent: () => undefined });
  relay.post(0);
  node.start();
  await settle();
  expect(node.snapshot()).toMatchObject({ state: 'blocked', reason: 'no-consent' });
  expect(relay.received).toEqual([]);
  expect(time.now()).toBeGreaterThan(0);
});

test('a fatal refusal of the protocol version blocks until a person acts', async () => {
  const { relay, node, settle } = await createNodeWorld();
  node.start();
  await settle();
  const error = toWire(new ReckonError('PROTOCOL_VERSION', { expected: 2, received: 1 }));
  relay.send({ type: 'refused', error, fatal: true });
  await settle();
  expect(node.snapshot()).toMatchObject({ state: 'blocked', reason: 'outdated' });
});

test('a battery taken off its charger pauses the node, and plugging in resumes it', async () => {
  const { relay, node, pools, until } = await createNodeWorld();
  relay.post(0);
  node.start();
  await until(() => node.snapshot().state === 'computing');
  node.setSignals({ battery: { charging: false, level: 0.9 } });
  expect(node.snapshot()).toMatchObject({ state: 'paused', reason: 'on-battery' });
  expect(pools[0]!.closed).toBe(true);
  node.setSignals({ battery: { charging: true, level: 0.9 } });
  await until(() => relay.stored.size === 1);
});

test('heartbeats tell progress and how busy the slots were', async () => {
  const world = await createNodeWorld();
  world.kernel.ms = 8_000;
  world.relay.post(0);
  world.node.start();
  await world.until(() => sent(world, 'heartbeat').length === 2);
  const [first, second] = sent(world, 'heartbeat');
  expect(first).toMatchObject({ units: [{ fraction: 0.5 }], busyMs: 0, slotMs: 10_000 });
  expect(second).toMatchObject({ units: [], busyMs: 8_000, slotMs: 10_000 });
});

test('verdicts given while away are asked for', async () => {
  const { relay, node, settle, until } = await createNodeWorld({
    fetchVerdicts: async () => [
      { workUnitId: relay.stored.keys().next().value as never, verdict: 'agreed', credits: 3, reward: 5n },
    ],
  });
  relay.post(0);
  node.start();
  await until(() => relay.stored.size === 1);
  await settle();
  node.pause();
  await settle();
  await node.reconcile();
  expect(node.snapshot().totals).toMatchObject({ accepted: 1, waiting: 0 });
});

test('fewer workers and no GPU are announced and obeyed', async () => {
  const world = await createNodeWorld();
  world.node.setSettings({ workers: 1, gpu: false });
  world.node.start();
  await world.settle();
  expect(sent(world, 'hello')[0]).toMatchObject({
    capabilities: { backends: ['wasm'], deviceClass: 'cpu', workers: 1 },
  });
  expect(sent(world, 'ready')[0]).toMatchObject({ slots: 2 });
});
