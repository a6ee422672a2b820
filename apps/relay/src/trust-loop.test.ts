import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { JobId } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import { NetworkSummary, NodeSummary, ResultBundle, UnitDetail } from '@reckon/protocol/wire/http';
import { afterEach, expect, test } from 'vitest';
import { makeSpec } from '../testing/requester.ts';
import { chunkyResult, CHUNKS, sumResult, testKernels } from '../testing/test-kernel.ts';
import type { LeaseMessage, TestNode } from '../testing/test-node.ts';
import { createWorld, type World } from '../testing/world.ts';

/** Each policy from lease to verdict, with somebody who cheats. */

const [echo, , chunky, certain] = testKernels.refs as [
  (typeof testKernels.refs)[number],
  unknown,
  (typeof testKernels.refs)[number],
  (typeof testKernels.refs)[number],
];
const worlds: World[] = [];
async function newWorld(settings: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = await createWorld(settings);
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) expect(world.failures).toEqual([]);
});

const sample: VerificationPolicy = { kind: 'sample', chunks: CHUNKS, checkers: 2, maxReplicas: 3 };
const certificate: VerificationPolicy = { kind: 'certificate', maxReplicas: 3 };
const audit: VerificationPolicy = { kind: 'audit', epsilon: 0.01, maxReplicas: 3 };

const unitOf = async (world: World, jobId: JobId, index = 0) =>
  parse(UnitDetail, await (await world.app.request(`/api/jobs/${jobId}/units/${index}`)).json());
const trustOf = async (world: World) =>
  parse(NetworkSummary, await (await world.app.request('/api/network')).json()).trust;
const standingOf = async (world: World, { signer }: TestNode) =>
  parse(NodeSummary, await (await world.app.request(`/api/nodes/${signer.nodeId}`)).json()).standing;
const nextCheck = async (node: TestNode): Promise<LeaseMessage> => {
  const lease = await node.next('lease');
  expect(lease.chunks).toBeDefined();
  return lease;
};

test('sample: a right result is accepted once two others have recomputed its chunks, and all three are paid', async () => {
  const world = await newWorld();
  const { jobId } = await world.post(makeSpec(chunky, 1, { policy: sample }));
  const node = await world.join(1, 1);
  node.finish(await node.next('lease'), chunkyResult('0'));
  await node.next('stored');
  const checkers = [await world.join(2, 1), await world.join(3, 1)];
  const leases = await Promise.all(checkers.map(nextCheck));
  expect(new Set(leases.flatMap(({ chunks }) => chunks))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  checkers.forEach((checker, i) => checker.check(leases[i] as LeaseMessage));
  expect(await node.next('verdict')).toMatchObject({ verdict: 'agreed' });
  await world.settled();
  const unit = await unitOf(world, jobId);
  expect(unit).toMatchObject({ status: 'accepted', canonical: hashBlob(chunkyResult('0')), verdict: { by: 'sample' } });
  expect(unit.verdict?.bound).toBeLessThan(0.2);
  expect(unit.checks.map(({ checker }) => checker).sort()).toEqual(checkers.map(({ signer }) => signer.nodeId).sort());
  for (const check of unit.checks) expect(check).toMatchObject({ subject: node.signer.nodeId, status: 'passed' });
  expect(unit.checks.every(({ reward }) => reward > 0n)).toBe(true);
  for (const checker of checkers) {
    const { reward } = unit.checks.find((check) => check.checker === checker.signer.nodeId) ?? {};
    expect(await checker.next('verdict')).toMatchObject({ verdict: 'agreed', reward });
    expect(world.coordinator.state.identities.get(checker.signer.nodeId)?.verified).toBe(0.5);
  }
  expect(await trustOf(world)).toMatchObject({ accepted: 1, verified: 1, executions: 2, disputed: 0, caught: 0 });
  // After the epoch the bundle holds a receipt of each of the three.
  world.coordinator.sealIfDue();
  await world.settled();
  const bundle = parse(ResultBundle, await (await world.app.request(`/api/jobs/${jobId}/bundle`)).json());
  expect(bundle.units[0]?.verdict?.by).toBe('sample');
  expect(bundle.units[0]?.receipts.map(({ receipt }) => receipt.nodeId).sort()).toEqual(
    [node, ...checkers].map(({ signer }) => signer.nodeId).sort(),
  );
});

test('sample: a forged chunk is refereed, its node barred, and the next node’s result accepted', async () => {
  const world = await newWorld();
  const { jobId } = await world.post(makeSpec(chunky, 1, { policy: sample }));
  const forger = await world.join(1, 1);
  forger.finish(await forger.next('lease'), chunkyResult('0', [0, 1, 2, 3, 4, 5, 6, 7]));
  await forger.next('stored');
  const checker = await world.join(2, 1);
  const check = await nextCheck(checker);
  checker.send({ type: 'ready', slots: 0 });
  checker.check(check);
  expect(await forger.next('refused')).toMatchObject({
    fatal: false,
    error: { code: 'NODE_BARRED', details: { reason: 'CHUNK_WRONG' } },
  });
  expect(await forger.next('verdict')).toMatchObject({ verdict: 'disagreed', reason: { code: 'CHUNK_WRONG' } });
  const honest = await world.join(3, 1);
  honest.finish(await honest.next('lease'), chunkyResult('0'));
  await honest.next('stored');
  for (const key of [4, 5]) {
    const other = await world.join(key, 1);
    other.check(await nextCheck(other));
  }
  expect(await honest.next('verdict')).toMatchObject({ verdict: 'agreed' });
  await world.settled();
  const unit = await unitOf(world, jobId);
  expect(unit.canonical).toBe(hashBlob(chunkyResult('0')));
  expect(unit.replicas.find(({ nodeId }) => nodeId === forger.signer.nodeId)).toMatchObject({
    status: 'disagreed',
    reason: 'CHUNK_WRONG',
    reward: 0n,
  });
  expect(await trustOf(world)).toMatchObject({ accepted: 1, caught: 1 });
  expect((await standingOf(world, forger)).barredUntil).toBeGreaterThan(world.clock.time);
  forger.send({ type: 'ready', slots: 2 });
  await world.post(makeSpec(echo, 1));
  await world.settled();
  expect(forger.messages.filter(({ type }) => type === 'lease')).toHaveLength(1);
  expect(forger.messages.filter(({ type }) => type === 'idle').at(-1)).toMatchObject({
    reason: expect.stringContaining('was wrong; no work until'),
  });
});

test('sample: a checker that lies is caught, and the result it accused is accepted after another check', async () => {
  const world = await newWorld();
  const { jobId } = await world.post(makeSpec(chunky, 1, { policy: sample }));
  const node = await world.join(1, 1);
  node.finish(await node.next('lease'), chunkyResult('0'));
  await node.next('stored');
  const liar = await world.join(2, 1);
  liar.check(await nextCheck(liar), (answers) =>
    answers.map((answer) => ({ ...answer, digest: hashBlob(toUtf8('lies')) })),
  );
  expect(await liar.next('verdict')).toMatchObject({ verdict: 'disagreed', reason: { code: 'CHECK_WRONG' } });
  expect(await liar.next('refused')).toMatchObject({
    error: { code: 'NODE_BARRED', details: { reason: 'CHECK_WRONG' } },
  });
  for (const key of [3, 4]) {
    const checker = await world.join(key, 1);
    checker.check(await nextCheck(checker));
  }
  expect(await node.next('verdict')).toMatchObject({ verdict: 'agreed' });
  await world.settled();
  const unit = await unitOf(world, jobId);
  expect(unit.checks.find(({ checker }) => checker === liar.signer.nodeId)).toMatchObject({
    status: 'failed',
    reward: 0n,
  });
  expect(await trustOf(world)).toMatchObject({ accepted: 1, disputed: 1, caught: 1 });
});

test('certificate: a forged product is refused at once, a right one accepted alone', async () => {
  const world = await newWorld();
  const data = Uint8Array.of(1, 2, 3);
  await world.blobs.put(hashBlob(data), data);
  const shared = [{ name: 'data', digest: hashBlob(data), size: 3 }];
  const { jobId } = await world.post(makeSpec(certain, 1, { policy: certificate, shared }));
  const forger = await world.join(1, 1);
  forger.finish(await forger.next('lease'), '7');
  expect(await forger.next('verdict')).toMatchObject({
    verdict: 'disagreed',
    reason: { code: 'CERTIFICATE_REJECTED' },
  });
  const honest = await world.join(2, 1);
  honest.finish(await honest.next('lease'), sumResult(data));
  expect(await honest.next('verdict')).toMatchObject({ verdict: 'agreed' });
  await world.settled();
  const unit = await unitOf(world, jobId);
  expect(unit).toMatchObject({ status: 'accepted', canonical: hashBlob(toUtf8('6')), verdict: { by: 'certificate' } });
  expect(unit.verdict?.bound).toBeCloseTo(2 ** -63, 25);
  expect(await trustOf(world)).toMatchObject({ accepted: 1, verified: 1, executions: 2, caught: 1 });
});

test('audit: results wait until their node is credible; drawn ones are computed again, and a forger is outvoted', async () => {
  // Every result is drawn, so that nothing is left to chance.
  const world = await newWorld({ trust: { auditFloor: 0.5, horizon: 1 } });
  const { jobId } = await world.post(makeSpec(echo, 4, { policy: audit }));
  const node = await world.join(1, 4);
  for (let i = 0; i < 4; i++) {
    const lease = await node.next('lease');
    node.finish(lease, `right ${lease.index}`);
    await node.next('stored');
  }
  await world.settled();
  expect((await unitOf(world, jobId)).status).toBe('pending');
  const others = [await world.join(2, 4), await world.join(3, 4)];
  const answer = async (other: TestNode) => {
    for (let seen = 0; ; ) {
      await world.settled();
      const leases = other.messages.filter((message): message is LeaseMessage => message.type === 'lease');
      if (leases.length === seen) return;
      for (const lease of leases.slice(seen)) other.finish(lease, `right ${lease.index}`);
      seen = leases.length;
    }
  };
  for (let round = 0; round < 3; round++) {
    for (const other of others) await answer(other);
    world.clock.time += 2_500;
    world.coordinator.tick();
  }
  await world.settled();
  const units = await Promise.all([0, 1, 2, 3].map((index) => unitOf(world, jobId, index)));
  expect(units.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  for (const { verdict } of units) {
    expect(['audit', 'credibility']).toContain(verdict?.by);
    expect(verdict?.bound).toBeLessThanOrEqual(0.01);
  }
});

test('audit by certificate: whoever forges is caught by the draw, and what else it brought is void', async () => {
  const world = await newWorld({ trust: { auditFloor: 0.5, horizon: 1 } });
  const data = Uint8Array.of(9, 9);
  await world.blobs.put(hashBlob(data), data);
  const shared = [{ name: 'data', digest: hashBlob(data), size: 2 }];
  await world.post(makeSpec(certain, 6, { policy: audit, shared }));
  const forger = await world.join(1, 6);
  for (let i = 0; i < 6; i++) {
    const lease = await forger.next('lease');
    await world.settled();
    forger.finish(lease, '0');
    await world.settled();
    if (forger.messages.some(({ type }) => type === 'refused')) break;
  }
  expect(await forger.next('refused')).toMatchObject({
    error: { code: 'NODE_BARRED', details: { reason: 'CERTIFICATE_REJECTED' } },
  });
  expect(world.coordinator.state.totals).toMatchObject({ accepted: 0, caught: 1, earned: 0n });
});

test('quorum with ε: one newcomer is not enough although the quorum is one, two that agree are', async () => {
  const world = await newWorld();
  const policy: VerificationPolicy = { kind: 'quorum', quorum: 1, epsilon: 0.01, maxReplicas: 5 };
  const { jobId } = await world.post(makeSpec(echo, 1, { policy }));
  const [first, second] = [await world.join(1, 1), await world.join(2, 1)];
  first.finish(await first.next('lease'), 'right');
  await first.next('stored');
  await world.settled();
  expect((await unitOf(world, jobId)).status).toBe('pending');
  // Nothing announces that a second opinion is wanted: it is offered when nodes are looked at again.
  world.coordinator.tick();
  world.clock.time += 2_500;
  world.coordinator.tick();
  second.finish(await second.next('lease'), 'right');
  expect(await second.next('verdict')).toMatchObject({ verdict: 'agreed' });
  await world.settled();
  const unit = await unitOf(world, jobId);
  expect(unit).toMatchObject({ status: 'accepted', verdict: { by: 'audit' } });
  expect(unit.verdict?.bound).toBeLessThanOrEqual(0.01);
});

test('canary: a newcomer is first given a unit whose answer is known, and is caught when it makes one up', async () => {
  const world = await newWorld({ trust: { warmUp: 1, auditFloor: 0.5, horizon: 1 } });
  await world.post(makeSpec(echo, 6, { policy: { kind: 'audit', epsilon: 0.0001, maxReplicas: 5 } }));
  const answer = async (node: TestNode) => {
    const lease = await node.next('lease');
    node.finish(lease, `right ${lease.index}`);
    await node.next('stored');
  };
  // The first result is drawn and computed again by another: from then on its node's answers are held for known.
  const known = await world.join(1, 1);
  await answer(known);
  const second = await world.join(2, 1);
  await answer(second);
  second.send({ type: 'bye', reason: 'done' });
  await answer(known);
  await answer(known);
  await world.settled();
  expect(world.coordinator.state.totals.canaries).toBe(0);
  const forger = await world.join(3, 1);
  const canary = await forger.next('lease');
  expect(world.coordinator.state.totals.canaries).toBe(1);
  expect((await trustOf(world)).canaries).toBe(0);
  forger.finish(canary, 'made up');
  await forger.next('stored');
  await world.settled();
  // Somebody else settles who of the two is right.
  for (let key = 4; key < 8 && world.coordinator.state.totals.caught === 0; key++) {
    await answer(await world.join(key, 1));
    await world.settled();
  }
  expect(await forger.next('refused')).toMatchObject({
    error: { code: 'NODE_BARRED', details: { reason: 'RESULT_OUTVOTED' } },
  });
  expect(await trustOf(world)).toMatchObject({ canaries: 3, canariesForged: 1, caught: 1 });
  const unit = await unitOf(world, canary.jobId, canary.index);
  expect(unit.canonical).toBe(hashBlob(toUtf8(`right ${canary.index}`)));
  expect(unit.replicas.find(({ nodeId }) => nodeId === forger.signer.nodeId)).toMatchObject({ canary: true });
});

test('two nodes of one network never get the same unit; two of a private one may', async () => {
  const world = await newWorld();
  const { jobId } = await world.post(makeSpec(echo, 1));
  const [first, twin] = [await world.join(1, 1, '203.0.113.5'), await world.join(2, 1, '203.0.113.77')];
  await first.next('lease');
  expect((await twin.next('idle')).reason).toBe('the open units have enough nodes');
  const elsewhere = await world.join(3, 1, '10.0.0.7');
  expect((await elsewhere.next('lease')).jobId).toBe(jobId);
  const entries = world.journal.entries.map((entry) => new TextDecoder().decode(entry)).join();
  expect(entries).not.toContain('203.0.113');
});
