import { toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { JobId } from '@reckon/protocol/base/ids';
import { hashTypedData } from '@reckon/protocol/base/typed-data';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { afterEach, expect, test } from 'vitest';
import { makeSpec } from '../../testing/requester.ts';
import { testKernels } from '../../testing/test-kernel.ts';
import { createWorld, domain, keyOf, type World } from '../../testing/world.ts';

/** Work that could go on must go on: nothing here waits for a lease to run out. */

const [echo, roughly] = testKernels.refs as [(typeof testKernels.refs)[number], (typeof testKernels.refs)[number]];
const one = { quorum: 1, maxReplicas: 3, kind: 'quorum' as const };
const worlds: World[] = [];
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) expect(world.failures).toEqual([]);
});

function cancel(world: World, jobId: JobId) {
  const nonce = 1;
  const message = { jobId, action: 'cancel' as const, nonce };
  const signature = createKeySigner(keyOf(77)).sign(hashTypedData(domain, 'JobControl', message));
  return world.coordinator.submit({ type: 'job.controlled', at: world.coordinator.stamp(), ...message, signature });
}

test('slots freed by a cancelled job are offered the work of another at once', async () => {
  const world = await newWorld();
  const first = await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  expect((await node.next('lease')).jobId).toBe(first.jobId);
  const second = await world.post(makeSpec(echo, 1, { policy: one }));
  await world.settled();
  await cancel(world, first.jobId);
  expect((await node.next('lease')).jobId).toBe(second.jobId);
});

test('a stored result that was spoiled on disk does not keep others of its unit from counting', async () => {
  const world = await newWorld();
  await world.post(makeSpec(roughly, 1, { policy: { kind: 'quorum', quorum: 2, maxReplicas: 4 } }));
  const nodes = [await world.join(1, 1), await world.join(2, 1), await world.join(3, 1)] as const;
  nodes[0].finish(await nodes[0].next('lease'), 'apple');
  await nodes[0].next('stored');
  world.blobs.blobs.set(hashBlob(toUtf8('apple')), toUtf8('spoil'));
  nodes[1].finish(await nodes[1].next('lease'), 'avocado');
  expect(await nodes[1].next('stored')).toMatchObject({ type: 'stored' });
  nodes[2].finish(await nodes[2].next('lease'), 'apricot');
  expect((await nodes[1].next('verdict')).verdict).toBe('agreed');
});

test('a result that could not be written is not refused: the node keeps it and brings it again', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  const { put } = world.blobs;
  world.blobs.put = () => Promise.reject(new ReckonError('DISK_FULL', { path: 'blobs' }));
  node.finish(lease, 'precious');
  await node.closed;
  expect(node.messages.filter((message) => message.type === 'refused' && message.workUnitId !== undefined)).toEqual([]);
  world.blobs.put = put;
  const again = await world.join(1, 1);
  again.finish(lease, 'precious');
  await again.next('stored');
});

test('a unit the node computes without a lease is called off at its next heartbeat', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const away = await world.join(1, 1);
  const lease = await away.next('lease');
  away.channel.close();
  await world.settled();
  world.clock.time += 5_001;
  world.coordinator.tick();
  await (await world.join(2, 1)).next('lease');
  const back = await world.join(1, 1);
  back.send({ type: 'heartbeat', units: [{ workUnitId: lease.workUnitId, fraction: 0.5 }], busyMs: 0, slotMs: 0 });
  expect(await back.next('revoked')).toMatchObject({ workUnitId: lease.workUnitId });
});

test('a blob wanted just before its lease is given again is sent, not missing', async () => {
  const world = await newWorld();
  const model = toUtf8('model');
  await world.blobs.put(hashBlob(model), model);
  const shared = [{ name: 'model', digest: hashBlob(model), size: model.length }];
  await world.post(makeSpec(echo, 1, { policy: one, shared }));
  const away = await world.join(1, 1);
  await away.next('lease');
  away.channel.close();
  await world.settled();
  world.clock.time += 5_001;
  world.coordinator.tick();
  await world.settled();
  const back = await world.join(1);
  back.send({ type: 'ready', slots: 1 });
  back.send({ type: 'want', digest: hashBlob(model), offset: 0 });
  expect(await back.next('blob')).toMatchObject({ digest: hashBlob(model) });
  expect(back.messages.filter((message) => message.type === 'missing')).toEqual([]);
});

test('a node with all slots full may want all the blobs of all its units at once', async () => {
  const world = await newWorld();
  const names = Array.from({ length: 8 }, (_, i) => `part-${i}`);
  const units = Array.from({ length: 32 }, (_, i) => ({
    params: String(i),
    blobs: names.map((name) => ({ name, bytes: toUtf8(`${name} of ${i}`) })),
  }));
  for (const { blobs } of units) for (const { bytes } of blobs) await world.blobs.put(hashBlob(bytes), bytes);
  const specs = units.map(({ params, blobs }) => ({
    params,
    blobs: blobs.map(({ name, bytes }) => ({ name, digest: hashBlob(bytes), size: bytes.length })),
  }));
  await world.post(makeSpec(echo, 32, { policy: one, units: specs }));
  const node = await world.join(1, 32);
  for (const { blobs } of specs) for (const { digest } of blobs) node.send({ type: 'want', digest, offset: 0 });
  for (let i = 0; i < 256; i++) await node.next('blob');
  expect(node.messages.filter((message) => message.type === 'refused')).toEqual([]);
});

test('a result that makes the kernel\u2019s rules throw is refused, and keeps nobody else from counting', async () => {
  const world = await newWorld();
  const rules = testKernels.rules(roughly.name);
  const { inspect, agree } = rules;
  try {
    rules.agree = (a, b, params) => {
      if (a[0] === 66 || b[0] === 66) throw new RangeError('out of bounds');
      return agree(a, b, params);
    };
    rules.inspect = (params, bytes) => {
      if (bytes[0] === 67) throw new RangeError('out of bounds');
      return inspect(params, bytes);
    };
    await world.post(makeSpec(roughly, 1, { policy: { kind: 'quorum', quorum: 2, maxReplicas: 5 } }));
    const nodes = [await world.join(1, 1), await world.join(2, 1), await world.join(3, 1)] as const;
    nodes[0].finish(await nodes[0].next('lease'), 'Breaks agreement');
    await nodes[0].next('stored');
    nodes[1].finish(await nodes[1].next('lease'), 'Cannot be read');
    expect(await nodes[1].next('refused')).toMatchObject({ error: { code: 'KERNEL_RESULT_INVALID' } });
    nodes[2].finish(await nodes[2].next('lease'), 'apple');
    await nodes[2].next('stored');
    const last = await world.join(4, 1);
    last.finish(await last.next('lease'), 'avocado');
    expect((await last.next('verdict')).verdict).toBe('agreed');
  } finally {
    Object.assign(rules, { inspect, agree });
  }
});
