import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { Hash, WorkUnitId } from '@reckon/protocol/base/ids';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { encodeFrame } from '@reckon/protocol/wire/framing';
import { afterEach, expect, test, vi } from 'vitest';
import { makeSpec } from '../../testing/requester.ts';
import { sumResult, testKernels } from '../../testing/test-kernel.ts';
import { createWorld, keyOf, type World } from '../../testing/world.ts';

type Ref = (typeof testKernels.refs)[number];
const [echo, roughly, , certain] = testKernels.refs as [Ref, Ref, Ref, Ref];
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

test('an attestation by another key is refused for each of its units and nothing is entered', async () => {
  const world = await newWorld();
  await world.post();
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  node.attest([node.leafOf(lease, toUtf8('x'))], createKeySigner(keyOf(9)));
  const refusal = await node.next('refused');
  expect(refusal).toMatchObject({ workUnitId: lease.workUnitId, error: { code: 'SIGNATURE_INVALID' } });
  const [job] = world.coordinator.state.jobs.values();
  expect(job?.units[lease.index]?.replicas[0]).toMatchObject({ status: 'committed' });
  expect(world.reveals.units()).toEqual([]);
});

test.each([
  ['kernelDigest', 'ATTESTATION_MISMATCH'],
  ['inputDigest', 'ATTESTATION_MISMATCH'],
  ['workUnitId', 'LEASE_MISSING'],
] as const)('an attestation with another %s is refused as %s', async (field, code) => {
  const world = await newWorld();
  await world.post();
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  const other = `0x${'ab'.repeat(32)}` as Hash & WorkUnitId;
  node.attest([{ ...node.leafOf(lease, toUtf8('x')), [field]: other }]);
  expect(await node.next('refused')).toMatchObject({ fatal: false, error: { code } });
});

test('a result for a unit leased to somebody else is refused', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const [holder, thief] = [await world.join(1, 1), await world.join(2)];
  const lease = await holder.next('lease');
  thief.finish(lease, 'mine');
  expect(await thief.next('refused')).toMatchObject({ error: { code: 'LEASE_MISSING' }, workUnitId: lease.workUnitId });
  expect(await world.blobs.sizeOf(hashBlob(toUtf8('mine')))).toBeUndefined();
});

test('a result after the lease has ended is refused as late once another has the unit', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: { ...one, maxReplicas: 1 } }));
  const [node, other] = [await world.join(1, 1), await world.join(2, 1)];
  const lease = await node.next('lease');
  world.clock.time += 11_000;
  world.coordinator.tick();
  await other.next('lease');
  node.finish(lease, 'late');
  expect(await node.next('refused')).toMatchObject({ error: { code: 'LEASE_EXPIRED' }, workUnitId: lease.workUnitId });
});

test('bytes of another digest than announced are thrown away, and may be sent again', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  const bytes = toUtf8('right');
  node.attest([node.leafOf(lease, bytes)]);
  node.sendBlob(toUtf8('wrong'), hashBlob(bytes));
  expect(await node.next('refused')).toMatchObject({ error: { code: 'BLOB_CORRUPT' }, workUnitId: lease.workUnitId });
  node.sendBlob(bytes);
  expect((await node.next('stored')).workUnitIds).toEqual([lease.workUnitId]);
  expect((await node.next('verdict')).verdict).toBe('agreed');
});

test('bytes nobody committed to, and frames of no stream, are refused', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  node.sendBlob(toUtf8('unasked'));
  expect(await node.next('refused')).toMatchObject({ error: { code: 'LEASE_MISSING' } });
  node.channel.send(encodeFrame({ stream: 99, offset: 0, total: 1, payload: new Uint8Array(1) }));
  expect(await node.next('refused')).toMatchObject({ error: { code: 'MESSAGE_OUT_OF_ORDER' } });
  await world.settled();
  expect(world.blobs.blobs.size).toBe(0);
});

test('a result the kernel cannot read, or larger than it allows, fails the replica with a code', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 2, { policy: one }));
  const node = await world.join(1, 2);
  const [bad, large] = [await node.next('lease'), await node.next('lease')];
  node.finish(bad, 'bad result');
  expect(await node.next('refused')).toMatchObject({
    error: { code: 'KERNEL_RESULT_INVALID' },
    workUnitId: bad.workUnitId,
  });
  node.attest([node.leafOf(large, toUtf8('x'))]);
  node.send({ type: 'blob', stream: 5, digest: hashBlob(toUtf8('x')), size: 200_001 });
  expect(await node.next('refused')).toMatchObject({
    error: { code: 'KERNEL_RESULT_TOO_LARGE' },
    workUnitId: large.workUnitId,
  });
  await world.settled();
  const statuses = [...world.coordinator.state.jobs.values()].flatMap((job) =>
    job.units.map((unit) => unit.replicas.find((replica) => replica.nodeId === node.signer.nodeId)?.status),
  );
  expect(statuses).toEqual(['expired', 'expired']);
});

test('frames out of order end their stream', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  const bytes = toUtf8('abcdef');
  node.attest([node.leafOf(lease, bytes)]);
  node.send({ type: 'blob', stream: 1, digest: hashBlob(bytes), size: 6 });
  node.channel.send(encodeFrame({ stream: 1, offset: 3, total: 6, payload: bytes.slice(3) }));
  expect(await node.next('refused')).toMatchObject({ error: { code: 'MESSAGE_INVALID' } });
  node.sendBlob(bytes);
  await node.next('stored');
});

test('results within tolerance are grouped by the kernel', async () => {
  const world = await newWorld();
  await world.post(makeSpec(roughly, 1));
  const nodes = [await world.join(1, 1), await world.join(2, 1), await world.join(3, 1)];
  for (const [i, text] of ['apple', 'berry', 'avocado'].entries()) {
    const node = nodes[i] as (typeof nodes)[number];
    node.finish(await node.next('lease'), text);
    await node.next('stored');
  }
  const verdicts = await Promise.all(nodes.map(async (node) => (await node.next('verdict')).verdict));
  expect(verdicts).toEqual(['agreed', 'disagreed', 'agreed']);
});

test('a result that is shown again and again is checked once', async () => {
  const world = await newWorld();
  const data = Uint8Array.of(1, 2, 3);
  await world.blobs.put(hashBlob(data), data);
  const shared = [{ name: 'data', digest: hashBlob(data), size: 3 }];
  await world.post(makeSpec(certain, 1, { policy: { kind: 'certificate', maxReplicas: 3 }, shared }));
  const check = vi.spyOn(testKernels.rules(certain.name), 'check');
  const node = await world.join(1, 1);
  const leaf = node.leafOf(await node.next('lease'), sumResult(data));
  node.commit([leaf]);
  for (let i = 0; i < 20; i++) {
    node.reveal([leaf]);
    node.sendBlob(sumResult(data));
  }
  expect(await node.next('verdict')).toMatchObject({ verdict: 'agreed' });
  await world.settled();
  expect(check).toHaveBeenCalledTimes(1);
  expect(node.messages.filter(({ type }) => type === 'refused')).toEqual([]);
  check.mockRestore();
});
