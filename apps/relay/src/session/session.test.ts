import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { WorkUnitId } from '@reckon/protocol/base/ids';
import { decodeFrame } from '@reckon/protocol/wire/framing';
import { afterEach, expect, test } from 'vitest';
import { makeSpec } from '../../testing/requester.ts';
import { testKernels } from '../../testing/test-kernel.ts';
import { createWorld, type World } from '../../testing/world.ts';

const echo = testKernels.refs[0] as (typeof testKernels.refs)[number];
const one = { quorum: 1, maxReplicas: 3, kind: 'quorum' as const };
const worlds: World[] = [];
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}
afterEach(() => {
  // Whatever a node sends, nothing inside may fail.
  for (const world of worlds.splice(0)) expect(world.failures).toEqual([]);
});

const seconds = (world: World) => Math.floor(world.clock.now() / 1000);

test('a node gets the blobs of its leases and no others, from any offset', async () => {
  const world = await newWorld();
  const [own, foreign] = [new Uint8Array(150_000).map((_, i) => i % 251), toUtf8('foreign')];
  await world.blobs.put(hashBlob(own), own);
  await world.blobs.put(hashBlob(foreign), foreign);
  await world.post(makeSpec(echo, 1, { shared: [{ name: 'model', digest: hashBlob(own), size: own.length }] }));
  const node = await world.join(1, 1);
  await node.next('lease');
  node.send({ type: 'want', digest: hashBlob(foreign), offset: 0 });
  expect((await node.next('missing')).digest).toBe(hashBlob(foreign));
  node.send({ type: 'want', digest: hashBlob(own), offset: 100_000 });
  expect(await node.next('blob')).toMatchObject({ digest: hashBlob(own), size: own.length, offset: 100_000 });
  await world.settled();
  const received = node.frames.map(decodeFrame);
  expect(received.map((frame) => frame.offset)).toEqual([100_000]);
  expect(Buffer.concat(received.map((frame) => frame.payload))).toEqual(Buffer.from(own.slice(100_000)));
  node.send({ type: 'want', digest: hashBlob(own), offset: 150_001 });
  expect(await node.next('refused')).toMatchObject({ error: { code: 'BLOB_RANGE' } });
});

test('a node that waits is told once why', async () => {
  const world = await newWorld();
  const node = await world.join(1, 2);
  expect((await node.next('idle')).reason).toBe('no job has open units');
  node.send({ type: 'ready', slots: 2 });
  await world.settled();
  expect(node.messages.filter((message) => message.type === 'idle')).toHaveLength(1);
  await world.post();
  await node.next('lease');
});

test('a second connection of a node replaces the first and gets its leases again', async () => {
  const world = await newWorld();
  await world.post();
  const first = await world.join(1, 1);
  const lease = await first.next('lease');
  const second = await world.join(1, 1);
  await first.closed;
  expect((await second.next('lease')).workUnitId).toBe(lease.workUnitId);
  const types = second.messages.map((message) => message.type);
  expect(types.indexOf('welcome')).toBeLessThan(types.indexOf('lease'));
  expect(world.coordinator.state.nodes.get(first.signer.nodeId)?.left).toBeUndefined();
});

test('a result committed before the connection broke is taken after it', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const first = await world.join(1, 1);
  const lease = await first.next('lease');
  first.attest([first.leafOf(lease, toUtf8('kept'))]);
  await world.settled();
  first.channel.close();
  const second = await world.join(1, 1);
  second.finish(lease, 'kept');
  await second.next('stored');
  // And again: the answer is repeated, the second copy of the bytes dropped.
  second.finish(lease, 'kept');
  await second.next('stored');
  expect(second.messages.filter((message) => message.type === 'refused')).toEqual([]);
});

test('three missed heartbeats lose a node, and its leases go to another after the grace period', async () => {
  const world = await newWorld();
  const { jobId } = await world.post(makeSpec(echo, 1, { policy: one, leaseMs: 600_000 }));
  const silent = await world.join(1, 1);
  const lease = await silent.next('lease');
  world.clock.time += 15_001;
  world.sessions.checkAlive();
  await silent.closed;
  expect(world.coordinator.state.nodes.get(silent.signer.nodeId)?.left?.how).toBe('lost');
  const other = await world.join(2, 1);
  await other.next('idle');
  world.clock.time += 5_001;
  world.coordinator.tick();
  expect(await other.next('lease')).toMatchObject({ jobId, workUnitId: lease.workUnitId });
});

test('a goodbye returns the leases at once', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const leaving = await world.join(1, 1);
  const lease = await leaving.next('lease');
  const other = await world.join(2, 1);
  await other.next('idle');
  leaving.send({ type: 'bye', reason: 'done' });
  expect((await other.next('lease')).workUnitId).toBe(lease.workUnitId);
});

test('a delegation must be signed by the wallet it names', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  const payoutAddress = world.requester;
  const message = {
    nodeKey: node.signer.nodeId,
    payoutAddress,
    scopes: 'rewards' as const,
    expiry: seconds(world) + 60,
  };
  node.send({ type: 'delegate', delegation: { ...message, signature: node.signer.sign(new Uint8Array(32)) } });
  expect(await node.next('refused')).toMatchObject({ fatal: false, error: { code: 'SIGNATURE_INVALID' } });
  expect(world.coordinator.state.nodes.get(node.signer.nodeId)?.payout).toBeUndefined();
});

test('heartbeats carry progress to the live events, for units the node holds', async () => {
  const world = await newWorld();
  const { jobId } = await world.post();
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  const events: unknown[] = [];
  world.live.subscribe(new Set([`job:${jobId}` as const]), (event) => events.push(event));
  const foreign = `0x${'cd'.repeat(32)}` as WorkUnitId;
  const units = [
    { workUnitId: lease.workUnitId, fraction: 0.4 },
    { workUnitId: foreign, fraction: 0.9 },
  ];
  node.send({ type: 'heartbeat', units, busyMs: 10, slotMs: 20 });
  await world.settled();
  expect(events).toEqual([expect.objectContaining({ type: 'unit', index: lease.index, progress: 0.4, leased: 1 })]);
  expect(world.live.progress.of(foreign)).toBe(0);
});

test('consent that runs out ends the session', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  world.clock.time += 24 * 3_600_000 + 1000;
  node.send({ type: 'heartbeat', units: [], busyMs: 0, slotMs: 0 });
  expect(await node.next('refused')).toMatchObject({ fatal: true, error: { code: 'CONSENT_EXPIRED' } });
  await node.closed;
});
