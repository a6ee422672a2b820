import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { Hash, WorkUnitId } from '@reckon/protocol/base/ids';
import { createKeySigner } from '@reckon/protocol/base/signature';
import type { ShardEvent, ShardEventOf } from '@reckon/protocol/journal/entry';
import { NO_TRACE } from '@reckon/protocol/model/attestation';
import { verifyOpening } from '@reckon/protocol/trust/chunk-tree';
import { drawSeed } from '@reckon/protocol/trust/beacon';
import { fromHex, toHex } from '@reckon/protocol/base/bytes';
import { sealResult } from '@reckon/protocol/trust/seal';
import { afterEach, expect, test } from 'vitest';
import { makeSpec } from '../../testing/requester.ts';
import { chunkyResult, testKernels } from '../../testing/test-kernel.ts';
import { type LeaseMessage, saltOf, type TestNode } from '../../testing/test-node.ts';
import { createWorld, keyOf, type World } from '../../testing/world.ts';

/** Seals, what opens them, and answers to checks, from nodes that do not keep to the rules. */

const [echo, , chunky] = testKernels.refs as [
  (typeof testKernels.refs)[number],
  unknown,
  (typeof testKernels.refs)[number],
];
const one = { quorum: 1, maxReplicas: 3, kind: 'quorum' as const };
const sample = { kind: 'sample' as const, chunks: 4, checkers: 1, maxReplicas: 3 };
const worlds: World[] = [];
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) expect(world.failures).toEqual([]);
});

const replicasIn = (world: World) =>
  [...world.coordinator.state.jobs.values()].flatMap((job) => job.units[0]?.replicas ?? []);
const entriesOf = <T extends 'replica.committed' | 'check.answered'>(world: World, type: T) =>
  world.journal.entries
    .map((entry) => JSON.parse(new TextDecoder().decode(entry)) as ShardEvent)
    .filter((event): event is ShardEventOf<T> => event.type === type);

async function leaseOne(kernel = echo, over = {}): Promise<{ world: World; node: TestNode; lease: LeaseMessage }> {
  const world = await newWorld();
  await world.post(makeSpec(kernel, 1, { policy: one, ...over }));
  const node = await world.join(1, 1);
  return { world, node, lease: await node.next('lease') };
}

test('the draw of a seal follows from it, the relay’s committed secret and the beacon, and names no result', async () => {
  const { world, node, lease } = await leaseOne();
  node.finish(lease, 'mine');
  await node.next('verdict');
  const [committed] = entriesOf(world, 'replica.committed');
  const { seal, draw, beacon } = committed as NonNullable<typeof committed>;
  const secret = world.coordinator.secrets.drawSecret(1);
  expect(draw).toBe(toHex(drawSeed(fromHex(seal), fromHex(secret), fromHex(beacon))));
  expect(JSON.stringify(committed)).not.toContain(hashBlob(toUtf8('mine')));
});

test('a second, other seal for a unit is refused and the first one stays', async () => {
  const { world, node, lease } = await leaseOne();
  const [first, other] = [node.leafOf(lease, toUtf8('first')), node.leafOf(lease, toUtf8('other'))];
  node.commit([first]);
  node.commit([other]);
  expect(await node.next('refused')).toMatchObject({
    workUnitId: lease.workUnitId,
    error: { code: 'SEAL_REPEATED' },
    fatal: false,
  });
  node.commit([first]);
  node.reveal([first]);
  node.sendBlob(toUtf8('first'));
  expect((await node.next('verdict')).verdict).toBe('agreed');
  expect(entriesOf(world, 'replica.committed')).toHaveLength(1);
});

test('a result that was not sealed before is refused', async () => {
  const { world, node, lease } = await leaseOne();
  node.reveal([node.leafOf(lease, toUtf8('early'))]);
  node.sendBlob(toUtf8('early'));
  expect(await node.next('refused')).toMatchObject({
    workUnitId: lease.workUnitId,
    error: { code: 'REVEAL_WITHOUT_COMMIT' },
  });
  await world.settled();
  expect(node.messages.filter(({ type }) => type === 'refused')).toHaveLength(1);
  expect(await world.blobs.sizeOf(hashBlob(toUtf8('early')))).toBeUndefined();
});

test('another result, another salt, and a seal copied from another node are all not what was sealed', async () => {
  const { world, node, lease } = await leaseOne(echo, { policy: { ...one, quorum: 2 } });
  const leaf = node.leafOf(lease, toUtf8('sealed'));
  node.commit([leaf]);
  node.reveal([node.leafOf(lease, toUtf8('better'))]);
  const mismatch = { workUnitId: lease.workUnitId, error: { code: 'SEAL_MISMATCH' } };
  expect(await node.next('refused')).toMatchObject(mismatch);
  node.reveal([leaf], node.signer, [`0x${'00'.repeat(16)}`]);
  expect(await node.next('refused')).toMatchObject(mismatch);

  const copier = await world.join(2, 1);
  const theirs = await copier.next('lease');
  const seal = sealResult({ nodeId: node.signer.nodeId, salt: saltOf(node.signer, leaf.workUnitId), ...leaf });
  copier.send({ type: 'commit', seals: [{ workUnitId: theirs.workUnitId, seal }] });
  node.reveal([leaf]);
  node.sendBlob(toUtf8('sealed'));
  await node.next('stored');
  copier.reveal([leaf], copier.signer, [saltOf(node.signer, leaf.workUnitId)]);
  expect(await copier.next('refused')).toMatchObject(mismatch);
  expect(
    replicasIn(world)
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['committed', 'revealed']);
});

test('bytes of what was sealed before do not open what is sealed now', async () => {
  const { world, node, lease } = await leaseOne();
  const [before, now] = [node.leafOf(lease, toUtf8('before')), node.leafOf(lease, toUtf8('now'))];
  node.attest([before]);
  await world.settled();
  world.clock.time += 31_000;
  world.coordinator.tick();
  await world.settled();
  expect(replicasIn(world)[0]).toMatchObject({ status: 'expired', reason: 'deadline' });
  node.commit([now]);
  node.sendBlob(toUtf8('before'));
  expect(await node.next('refused')).toMatchObject({
    workUnitId: lease.workUnitId,
    error: { code: 'SEAL_MISMATCH' },
  });
  node.reveal([now]);
  node.sendBlob(toUtf8('now'));
  await node.next('stored');
  await world.settled();
  const [job] = world.coordinator.state.jobs.values();
  expect(job?.units[0]).toMatchObject({ status: 'accepted', canonical: hashBlob(toUtf8('now')) });
});

test('salts must be as many as results', async () => {
  const { node, lease } = await leaseOne();
  const leaf = node.leafOf(lease, toUtf8('x'));
  node.commit([leaf]);
  const salt = saltOf(node.signer, leaf.workUnitId);
  node.reveal([leaf], node.signer, [salt, salt]);
  expect(await node.next('refused')).toMatchObject({
    fatal: false,
    error: { code: 'MESSAGE_INVALID', details: { path: 'salts' } },
  });
});

test('chunks that are not those of the bytes are refused before anything is entered', async () => {
  const { world, node, lease } = await leaseOne(chunky, { policy: sample });
  const bytes = chunkyResult('0');
  const leaf = { ...node.leafOf(lease, bytes), traceRoot: `0x${'ab'.repeat(32)}` as const };
  node.attest([leaf]);
  node.sendBlob(bytes);
  expect(await node.next('refused')).toMatchObject({
    error: { code: 'ATTESTATION_MISMATCH', details: { field: 'traceRoot' } },
  });
  await world.settled();
  expect(replicasIn(world)[0]).toMatchObject({ status: 'expired', reason: 'ATTESTATION_MISMATCH' });
  expect(world.reveals.units()).toEqual([]);
});

test('a result without chunks names no root over chunks', async () => {
  const { node, lease } = await leaseOne();
  node.attest([{ ...node.leafOf(lease, toUtf8('x')), traceRoot: `0x${'ab'.repeat(32)}` }]);
  expect(await node.next('refused')).toMatchObject({
    error: { code: 'ATTESTATION_MISMATCH', details: { field: 'traceRoot', expected: NO_TRACE } },
  });
});

test('a result of another length than its kernel’s is refused', async () => {
  const { node, lease } = await leaseOne(chunky, { policy: sample });
  const bytes = chunkyResult('0').slice(0, 31);
  node.finish(lease, bytes);
  expect(await node.next('refused')).toMatchObject({ error: { code: 'KERNEL_RESULT_INVALID' } });
});

/** A sampled result, and a checker with a lease on some of its chunks. */
async function leaseCheck() {
  const { world, node, lease } = await leaseOne(chunky, { policy: sample });
  node.finish(lease, chunkyResult('0'));
  await node.next('stored');
  const checker = await world.join(2, 1);
  return { world, node, checker, check: await checker.next('lease') };
}

test('a check is entered with openings that fit the root its subject sealed', async () => {
  const { world, node, checker, check } = await leaseCheck();
  checker.check(check);
  await node.next('verdict');
  const [answered] = entriesOf(world, 'check.answered');
  const { answer, openings } = answered as NonNullable<typeof answered>;
  const root = node.leafOf(check, chunkyResult('0')).traceRoot;
  expect(openings).toHaveLength(4);
  openings.forEach(({ digest, path }, i) => {
    const { index, digest: theirs } = answer.chunks[i] as (typeof answer.chunks)[number];
    expect(digest).toBe(theirs);
    expect(verifyOpening({ root, count: 8, index, digest, path })).toBe(true);
  });
});

test.each([
  [
    'from a node without a check lease',
    'LEASE_MISSING',
    (_world: World, _checker: TestNode, stranger: TestNode) => stranger,
  ],
  [
    'from the node that is checked',
    'LEASE_MISSING',
    (_w: World, _c: TestNode, _s: TestNode, subject: TestNode) => subject,
  ],
] as const)('an answer %s is refused', async (_what, code, who) => {
  const { world, node, checker, check } = await leaseCheck();
  const by = who(world, checker, await world.join(3), node);
  by.check(check);
  expect(await by.next('refused')).toMatchObject({ workUnitId: check.workUnitId, error: { code } });
  expect(entriesOf(world, 'check.answered')).toEqual([]);
});

test('an answer for other chunks, for fewer, or for an unknown unit is refused, and the right one still counts', async () => {
  const { node, checker, check } = await leaseCheck();
  const chunks = check.chunks ?? [];
  const unasked = [0, 1, 2, 3, 4, 5, 6, 7].find((index) => !chunks.includes(index)) ?? 0;
  const mismatch = { error: { code: 'ATTESTATION_MISMATCH', details: { field: 'chunks' } } };
  for (const index of [unasked, 1_000_000]) {
    checker.check(check, ([first, ...rest]) => [{ ...(first as { index: number; digest: Hash }), index }, ...rest]);
    expect(await checker.next('refused')).toMatchObject(mismatch);
  }
  checker.check(check, (answers) => answers.slice(1));
  expect(await checker.next('refused')).toMatchObject(mismatch);
  checker.check({ ...check, workUnitId: `0x${'cd'.repeat(32)}` as WorkUnitId });
  expect(await checker.next('refused')).toMatchObject({ error: { code: 'LEASE_MISSING' } });
  checker.check(check);
  expect((await node.next('verdict')).verdict).toBe('agreed');
});

test('an answer signed by another key is refused', async () => {
  const { world, checker, check } = await leaseCheck();
  checker.check(check, undefined, createKeySigner(keyOf(9)));
  expect(await checker.next('refused')).toMatchObject({
    workUnitId: check.workUnitId,
    error: { code: 'SIGNATURE_INVALID', details: { what: 'check answer' } },
  });
  expect(entriesOf(world, 'check.answered')).toEqual([]);
});

test('a checker gets the blobs of the unit it checks, and its heartbeats are not told to stop', async () => {
  const model = toUtf8('the model');
  const world = await newWorld();
  await world.blobs.put(hashBlob(model), model);
  const shared = [{ name: 'model', digest: hashBlob(model), size: model.length }];
  await world.post(makeSpec(chunky, 1, { policy: sample, shared }));
  const node = await world.join(1, 1);
  node.finish(await node.next('lease'), chunkyResult('0'));
  await node.next('stored');
  const checker = await world.join(2, 1);
  const { workUnitId } = await checker.next('lease');
  checker.send({ type: 'want', digest: hashBlob(model), offset: 0 });
  expect(await checker.next('blob')).toMatchObject({ digest: hashBlob(model) });
  checker.send({ type: 'heartbeat', units: [{ workUnitId, fraction: 0.5 }], busyMs: 0, slotMs: 0, rttMs: 12 });
  await checker.next('heard');
  await world.settled();
  expect(checker.messages.filter(({ type }) => type === 'revoked')).toEqual([]);
});
