import { toUtf8 } from '@reckon/protocol/base/bytes';
import type { NodeMessage } from '@reckon/protocol/wire/messages';
import { afterEach, expect, test } from 'vitest';
import { makeSpec } from '../testing/requester.ts';
import { chunkyResult, testKernels } from '../testing/test-kernel.ts';
import type { LeaseMessage, TestNode } from '../testing/test-node.ts';
import { createWorld, type World } from '../testing/world.ts';

type Ref = (typeof testKernels.refs)[number];
const [echo, roughly, chunky] = testKernels.refs as [Ref, Ref, Ref];
const one = { quorum: 1, maxReplicas: 3, kind: 'quorum' as const };
type Capabilities = Extract<NodeMessage, { type: 'hello' }>['capabilities'];
const capabilities: Capabilities = {
  backends: ['wasm'],
  device: 'test',
  deviceClass: 'cpu',
  workers: 1,
  memoryMb: 100,
  kernels: [...testKernels.refs],
};

const worlds: World[] = [];
async function newWorld(settings: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = await createWorld(settings);
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) expect(world.failures).toEqual([]);
});

async function joinWith(world: World, key: number, over: Partial<Capabilities>): Promise<TestNode> {
  const node = world.connect(key);
  await node.hello({ capabilities: { ...capabilities, ...over } });
  await node.next('welcome');
  node.send({ type: 'ready', slots: 1 });
  return node;
}

test('a device on its battery is told why it gets nothing', async () => {
  const world = await newWorld();
  await world.post();
  const node = await joinWith(world, 1, { power: { battery: true } });
  expect((await node.next('idle')).reason).toBe('the device runs on its battery');
});

test('a node without the kernel that is wanted is told so', async () => {
  const world = await newWorld();
  await world.post();
  const node = await joinWith(world, 1, { kernels: [roughly] });
  expect((await node.next('idle')).reason).toBe('the open units need a kernel this node does not have');
});

test('after a failure a node pauses, is told so, and is asked again when the pause is over', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 2, { policy: one }));
  const node = await world.join(1, 1);
  const { workUnitId } = await node.next('lease');
  node.send({ type: 'failed', workUnitId, error: { code: 'KERNEL_THREW', details: {} } });
  expect((await node.next('idle')).reason).toBe('a short pause after work that failed or came late');
  const entries = world.journal.size;
  world.coordinator.tick();
  await world.settled();
  expect(world.journal.size).toBe(entries);
  world.clock.time += 2500;
  world.coordinator.tick();
  expect((await node.next('lease')).workUnitId).not.toBe(workUnitId);
});

test('looking again writes nothing where nothing comes of it', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one, leaseMs: 600_000 }));
  const [holder, idle] = [await world.join(1, 1), await world.join(2, 1)];
  await holder.next('lease');
  await idle.next('idle');
  const entries = world.journal.size;
  for (let i = 0; i < 10; i++) {
    world.clock.time += 1000;
    world.coordinator.tick();
    await world.settled();
  }
  expect(world.journal.size).toBe(entries);
  expect(idle.messages.filter(({ type }) => type === 'idle')).toHaveLength(1);
});

test('the round trip a node measured is asked with', async () => {
  const world = await newWorld();
  const node = await world.join(1, 1);
  node.send({ type: 'heartbeat', units: [], busyMs: 0, slotMs: 0, rttMs: 37 });
  await node.next('heard');
  await world.post();
  await node.next('lease');
  const texts = world.journal.entries.map((entry) => new TextDecoder().decode(entry));
  expect(JSON.parse(texts.findLast((text) => text.includes('node.asked')) ?? '{}')).toMatchObject({ rttMs: 37 });
});

test('the quota of the day is said when it is used up', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 40, { policy: { ...one, quorum: 2, maxReplicas: 3 } }));
  const node = await world.join(1, 32);
  for (let i = 0; i < 32; i++) {
    const lease = await node.next('lease');
    node.attest([node.leafOf(lease, toUtf8(`right ${lease.index}`))]);
    node.sendBlob(toUtf8(`right ${lease.index}`));
    await node.next('stored');
  }
  expect((await node.next('idle')).reason).toBe('the quota of today is used up; right results raise it');
});

test('who came first is not asked first: a checker cannot choose whose results it checks', async () => {
  const world = await newWorld();
  const sample = { kind: 'sample' as const, chunks: 1, checkers: 1, maxReplicas: 3 };
  const [maker, ...others] = await Promise.all([9, 1, 2, 3, 4, 5].map((key) => world.join(key)));
  const checkers = new Set<TestNode>();
  for (let i = 0; i < 12; i++) {
    world.clock.time += 1000;
    maker?.send({ type: 'ready', slots: 1 });
    await world.post(makeSpec(chunky, 1, { policy: sample }));
    const lease = (await maker?.next('lease')) as LeaseMessage;
    // The first of them says that it has all the time there is.
    for (const [k, node] of others.entries()) node.send({ type: 'ready', slots: k === 0 ? 128 : 1 });
    await world.settled();
    maker?.finish(lease, chunkyResult('0'));
    await world.settled();
    for (const node of others) {
      const check = node.messages.find(
        (message) => message.type === 'lease' && message.workUnitId === lease.workUnitId,
      );
      if (check?.type === 'lease') node.check(check);
      if (check !== undefined) checkers.add(node);
      node.send({ type: 'ready', slots: 0 });
    }
    await world.settled();
  }
  expect(checkers.size).toBeGreaterThan(2);
});
