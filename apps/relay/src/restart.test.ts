import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import { afterEach, expect, test } from 'vitest';
import { createMemoryReveals } from '../testing/memory-reveals.ts';
import { makeSpec } from '../testing/requester.ts';
import { chunkyResult, testKernels } from '../testing/test-kernel.ts';
import { createWorld, type World } from '../testing/world.ts';

/** A relay that is killed between two entries goes on where the journal ends. */

const [echo, , chunky] = testKernels.refs as [
  (typeof testKernels.refs)[number],
  unknown,
  (typeof testKernels.refs)[number],
];
const one = { quorum: 1, maxReplicas: 3, kind: 'quorum' as const };
const worlds: World[] = [];
async function newWorld(settings: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = await createWorld(settings);
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) expect(world.failures).toEqual([]);
});

const typesOf = ({ journal }: World): ShardEvent['type'][] =>
  journal.entries.map((entry) => (JSON.parse(new TextDecoder().decode(entry)) as ShardEvent).type);

/** The world as a kill left it just before its first entry of this type, with what was private then. */
function killBefore(world: World, type: ShardEvent['type'], reveals = world.reveals) {
  const { journal, blobs, chain, clock } = world;
  const at = typesOf(world).indexOf(type);
  expect(at).toBeGreaterThan(0);
  return newWorld({ entries: journal.entries.slice(0, at), blobs, chain, clock, reveals });
}

/** Keeps what is dropped, as a store does whose process is killed before it is told to. */
function keepingReveals() {
  const { drop: _drop, ...store } = createMemoryReveals();
  return { ...store, drop() {} };
}

test('between reveal and open: the decided unit is opened at the start, and paid once', async () => {
  const reveals = keepingReveals();
  const world = await newWorld({ reveals });
  const { jobId } = await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  node.finish(await node.next('lease'), 'mine');
  await node.next('verdict');
  const again = await killBefore(world, 'unit.opened', reveals);
  const unit = again.coordinator.state.jobs.get(jobId)?.units[0];
  expect(unit).toMatchObject({ status: 'accepted', canonical: hashBlob(toUtf8('mine')) });
  expect(again.coordinator.state.totals).toMatchObject({ accepted: 1 });
  expect(typesOf(again).filter((type) => type === 'unit.opened')).toHaveLength(1);
  expect(again.coordinator.state.asking.size).toBe(0);
});

test('between dispute and referee: the chunk is recomputed after the start', async () => {
  const reveals = keepingReveals();
  const world = await newWorld({ reveals });
  const policy = { quorum: 2, maxReplicas: 3, kind: 'quorum' as const };
  const { jobId } = await world.post(makeSpec(chunky, 1, { policy }));
  const [liar, honest] = [await world.join(1, 1), await world.join(2, 1)];
  liar.finish(await liar.next('lease'), chunkyResult('0', [3]));
  await liar.next('stored');
  honest.finish(await honest.next('lease'), chunkyResult('0'));
  expect(await liar.next('verdict')).toMatchObject({ verdict: 'disagreed', reason: { code: 'CHUNK_WRONG' } });
  await world.settled();
  const again = await killBefore(world, 'unit.refereed', reveals);
  expect(again.coordinator.state.asking.size).toBe(1);
  await again.referee.poke();
  await again.settled();
  expect(again.coordinator.state.asking.size).toBe(0);
  const replicas = again.coordinator.state.jobs.get(jobId)?.units[0]?.replicas;
  expect(replicas?.map(({ nodeId, status }) => [nodeId, status])).toEqual(
    expect.arrayContaining([
      [liar.signer.nodeId, 'disagreed'],
      [honest.signer.nodeId, 'revealed'],
    ]),
  );
  const [refereed] = again.journal.entries
    .map((entry) => JSON.parse(new TextDecoder().decode(entry)) as { type: string; index: number })
    .filter(({ type }) => type === 'unit.refereed');
  expect(refereed?.index).toBe(3);
});

test('between seal and reveal: the node brings what it sealed, and the draw is the one of before', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  node.finish(lease, 'mine');
  await node.next('verdict');
  const again = await killBefore(world, 'replica.revealed');
  const back = await again.join(1, 1);
  back.finish(lease, 'mine');
  expect((await back.next('verdict')).verdict).toBe('agreed');
  expect(typesOf(again).filter((type) => type === 'replica.committed')).toHaveLength(1);
});

test('a reveal that was stored and not journalled is of no use, and forgotten with its unit', async () => {
  const reveals = createMemoryReveals();
  const world = await newWorld({ reveals });
  await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  const leaf = node.leafOf(lease, toUtf8('lost'));
  const attestation = { leaf, path: [], count: 1, signature: node.signer.sign(new Uint8Array(32)) };
  const { workUnitId } = lease;
  await reveals.put({ workUnitId, nodeId: node.signer.nodeId, salt: `0x${'00'.repeat(16)}`, attestation });
  node.finish(lease, 'mine');
  await node.next('verdict');
  await world.settled();
  expect([...reveals.units()]).toEqual([]);
  await reveals.put({ workUnitId, nodeId: node.signer.nodeId, salt: `0x${'00'.repeat(16)}`, attestation });
  const { journal, blobs, chain, clock } = world;
  await newWorld({ entries: [...journal.entries], blobs, chain, clock, reveals });
  expect([...reveals.units()]).toEqual([]);
});

test('a result is neither journalled nor acknowledged before what opens it is on disk', async () => {
  const { put, ...store } = createMemoryReveals();
  let written: (() => void) | undefined;
  const slow = {
    ...store,
    async put(reveal: Parameters<typeof put>[0]) {
      await new Promise<void>((resolve) => (written = resolve));
      await put(reveal);
    },
  };
  const world = await newWorld({ reveals: slow });
  await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  node.finish(await node.next('lease'), 'mine');
  await world.settled();
  expect(typesOf(world)).toContain('replica.committed');
  expect(typesOf(world)).not.toContain('replica.revealed');
  expect(node.messages.map(({ type }) => type)).not.toContain('stored');
  written?.();
  expect((await node.next('verdict')).verdict).toBe('agreed');
});

test('an epoch opens the secret that drew in it and binds the next, also after a restart', async () => {
  const world = await newWorld();
  const seal = async (from: World, key: number) => {
    await from.post(makeSpec(echo, 1, { policy: one }));
    const node = await from.join(key, 1);
    node.finish(await node.next('lease'), 'mine');
    await node.next('verdict');
    from.coordinator.sealIfDue();
    await from.settled();
  };
  await seal(world, 1);
  const { journal, blobs, chain, clock } = world;
  const again = await newWorld({ entries: [...journal.entries], blobs, chain, clock });
  await seal(again, 2);
  expect(again.coordinator.state.lastEpoch).toBe(2);
  const { secrets } = again.coordinator;
  const epochs = again.journal.entries
    .map(
      (entry) =>
        JSON.parse(new TextDecoder().decode(entry)) as { type: string; secret: string; nextCommitment: string },
    )
    .filter(({ type }) => type === 'epoch.sealed');
  expect(epochs.map(({ secret, nextCommitment }) => [secret, nextCommitment])).toEqual([
    [secrets.drawSecret(1), secrets.commitment(2)],
    [secrets.drawSecret(2), secrets.commitment(3)],
  ]);
});
