import { toUtf8 } from '@reckon/protocol/base/bytes';
import { expect, test } from 'vitest';
import { makeSpec } from '../../testing/requester.ts';
import { testKernels } from '../../testing/test-kernel.ts';
import { createWorld, type World } from '../../testing/world.ts';

const echo = testKernels.refs[0] as (typeof testKernels.refs)[number];
const one = { quorum: 1, maxReplicas: 3, kind: 'quorum' as const };

/** One job of one unit, computed and sealed into the next epoch; the chain is poked only by the test. */
async function earn(world: World, key: number, computed = () => {}): Promise<void> {
  const node = await world.join(key, 1);
  await world.post(makeSpec(echo, 1, { policy: one }));
  const lease = await node.next('lease');
  computed();
  node.finish(lease, `by ${key}`);
  await node.next('verdict');
  world.coordinator.sealIfDue();
  await world.settled();
  node.send({ type: 'bye', reason: 'done' });
  await node.closed;
  await world.settled();
}

const restart = (world: World) =>
  createWorld({ entries: [...world.journal.entries], blobs: world.blobs, chain: world.chain, clock: world.clock });
const statuses = (world: World) => world.coordinator.state.epochs.map((epoch) => [epoch.number, epoch.status]);

test('sealed epochs are posted in order and become final when their window has passed', async () => {
  const world = await createWorld();
  await earn(world, 1);
  await earn(world, 2);
  expect(world.chain.posts.map((post) => post.epoch)).toEqual([1, 2]);
  expect(statuses(world)).toEqual([
    [1, 'posted'],
    [2, 'posted'],
  ]);
  world.clock.time += 999;
  await world.settler.poke();
  expect(statuses(world).at(-1)).toEqual([2, 'posted']);
  world.clock.time += 1;
  await world.settler.poke();
  expect(world.coordinator.state.epochs.every((epoch) => epoch.status === 'final')).toBe(true);
});

test('an epoch the chain took before the journal heard of it is adopted, not posted again', async () => {
  const world = await createWorld();
  await earn(world, 1);
  const heard = world.journal.entries.findIndex((entry) => new TextDecoder().decode(entry).includes('epoch.posted'));
  // The process died between the two: the journal ends before the event.
  world.journal.entries.splice(heard);
  const again = await restart(world);
  expect(statuses(again)).toEqual([[1, 'sealed']]);
  await again.settler.poke();
  expect(statuses(again)).toEqual([[1, 'posted']]);
  expect(world.chain.posts).toHaveLength(1);
});

test('epochs lost by a chain restored from an older dump are posted again, in order, with the same content', async () => {
  const world = await createWorld();
  for (const key of [1, 2, 3]) await earn(world, key);
  world.clock.time += 5_000;
  await world.settler.poke();
  const before = [...world.chain.posts];
  world.chain.restore(1);
  const again = await restart(world);
  await again.settled();
  await again.settler.poke();
  expect(world.chain.posts.slice(3)).toEqual(before.slice(1));
});

test('an unreachable chain is waited for, longer each time, and nothing is lost', async () => {
  const world = await createWorld();
  await earn(world, 1, () => {
    world.chain.down = true;
  });
  expect(world.chain.posts).toEqual([]);
  world.chain.down = false;
  await world.settler.poke();
  expect(world.chain.posts).toEqual([]);
  world.clock.time += 500;
  await world.settler.poke();
  expect(world.chain.posts.map((post) => post.epoch)).toEqual([1]);
});

test('an epoch of another journal is never followed by ours', async () => {
  const world = await createWorld();
  const foreign = { claimsRoot: `0x${'66'.repeat(32)}`, receiptsRoot: `0x${'66'.repeat(32)}` } as const;
  const rest = { journalRoot: foreign.claimsRoot, totalCumulative: 0n, charges: [] };
  await world.chain.postEpoch({ type: 'post-epoch', epoch: 1, ...foreign, ...rest });
  await earn(world, 1);
  await earn(world, 2);
  for (let i = 0; i < 5; i++) {
    world.clock.time += 60_000;
    await world.settler.poke();
  }
  expect(world.chain.posts).toHaveLength(1);
});

test('funding is seen at start, when posted and from events, and only more counts', async () => {
  const world = await createWorld();
  const { jobId } = await world.post(makeSpec(echo, 3));
  expect(world.coordinator.state.jobs.get(jobId)?.status).toBe('funded');
  const entries = world.journal.size;
  await world.funding.poke();
  await world.funding.check(jobId);
  expect(world.journal.size).toBe(entries);
  const late = await createWorld();
  late.chain.down = true;
  const job = await late.post();
  expect(late.coordinator.state.jobs.get(job.jobId)?.status).toBe('draft');
  late.chain.down = false;
  const { blobs, chain, clock } = late;
  const again = await createWorld({ entries: late.journal.entries, blobs, chain, clock });
  await again.funding.poke();
  expect(again.coordinator.state.jobs.get(job.jobId)?.status).toBe('funded');
});

test('a reward shows once, however often the journal is replayed', async () => {
  const world = await createWorld();
  await earn(world, 1);
  let current = world;
  for (let i = 0; i < 3; i++) current = await restart(current);
  expect(current.coordinator.state.totals.accepted).toBe(1);
  expect(await current.blobs.read([...current.blobs.blobs.keys()].at(-1) as never)).toEqual(toUtf8('by 1'));
});
