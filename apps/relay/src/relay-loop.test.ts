import { fromHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { Address } from '@reckon/protocol/base/ids';
import { toJson } from '@reckon/protocol/base/json';
import { rootOfPath } from '@reckon/protocol/base/merkle';
import { createKeySigner, recoverAddress } from '@reckon/protocol/base/signature';
import { hashTypedData } from '@reckon/protocol/base/typed-data';
import { verifyLeafAttestation } from '@reckon/protocol/model/attestation';
import { hashClaimLeaf } from '@reckon/protocol/model/claim';
import { hashReceiptLeaf } from '@reckon/protocol/model/receipt';
import * as schemas from '@reckon/protocol/wire/http';
import { toHex } from '@reckon/protocol/base/bytes';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { makeSpec, orderJob, PRICE } from '../testing/requester.ts';
import { testKernels } from '../testing/test-kernel.ts';
import { createWorld, domain, keyOf, type World } from '../testing/world.ts';

const PAYOUT_KEY = keyOf(55);
const payout = createKeySigner(PAYOUT_KEY);
const account = payout.nodeId as string as Address;

const get = async <S extends v.GenericSchema>(world: World, path: string, schema: S): Promise<v.InferOutput<S>> => {
  const response = await world.app.request(path);
  expect(response.status, path).toBe(200);
  return v.parse(schema, await response.json());
};

/** Posts by HTTP, funds, computes with two nodes, settles: the whole loop, once. */
async function runJob(units = 3, whenHalfRevealed?: (world: World, jobId: string) => Promise<void>) {
  const world = await createWorld();
  const kernel = testKernels.refs[0] as (typeof testKernels.refs)[number];
  const expiresAt = Math.floor(world.clock.now() / 1000) + 3600;
  const job = orderJob(domain, keyOf(77), makeSpec(kernel, units), expiresAt);
  const upload = {
    method: 'PUT',
    body: job.specBytes as never,
    headers: { 'content-length': `${job.specBytes.length}` },
  };
  expect((await world.app.request(`/api/blobs/${job.order.specDigest}`, upload)).status).toBe(201);
  const posting = {
    method: 'POST',
    body: toJson({ order: job.order, signature: job.signature }),
    headers: { 'content-type': 'application/json' },
  };
  expect((await world.app.request('/api/jobs', posting)).status).toBe(201);
  const nodes = [await world.join(1, 2), await world.join(2, 2)];
  const first = nodes[0] as (typeof nodes)[number];
  const delegation = {
    nodeKey: first.signer.nodeId,
    payoutAddress: account,
    scopes: 'rewards' as const,
    expiry: expiresAt,
  };
  const signature = payout.sign(hashTypedData(domain, 'Delegation', delegation));
  first.send({ type: 'delegate', delegation: { ...delegation, signature } });
  await first.next('delegated');
  world.chain.fund(job.jobId, job.order.budget);
  await world.funding.poke();
  for (const node of nodes) {
    for (let i = 0; i < units; i++) {
      const lease = await node.next('lease');
      node.finish(lease, `result ${lease.index}`);
      await node.next('stored');
    }
    if (node === first) await whenHalfRevealed?.(world, job.jobId);
  }
  for (const node of nodes) for (let i = 0; i < units; i++) expect((await node.next('verdict')).verdict).toBe('agreed');
  return { world, job, nodes };
}

async function settle(world: World): Promise<void> {
  world.coordinator.sealIfDue();
  await world.settled();
  await world.settler.poke();
  world.clock.time += 2_000;
  await world.settler.poke();
  await world.settled();
}

test('a job is posted, computed by two nodes, agreed, settled and can be claimed', async () => {
  const { world, job, nodes } = await runJob();
  await settle(world);
  const summary = await get(world, `/api/jobs/${job.jobId}`, schemas.JobSummary);
  expect(summary).toMatchObject({ status: 'completed', nodes: 2, spent: 3n * PRICE, settled: 3n * PRICE });
  expect(summary.units).toEqual({ total: 3, pending: 0, issued: 0, accepted: 3, failed: 0 });

  const accountSummary = await get(world, `/api/accounts/${account}`, schemas.AccountSummary);
  expect(accountSummary.claim?.epoch).toBe(1);
  const [epoch] = (await get(world, '/api/epochs', schemas.EpochList)).epochs;
  expect(epoch).toMatchObject({ epoch: 1, status: 'final', receipts: 6, charged: 3n * PRICE, gasUsed: 60_000 });
  const { cumulative, path } = accountSummary.claim as NonNullable<typeof accountSummary.claim>;
  const leaf = hashClaimLeaf({ account, cumulative });
  expect(toHex(rootOfPath(leaf, path.map(fromHex)))).toBe(epoch?.claimsRoot);
  expect(world.chain.posts.map((post) => post.claimsRoot)).toEqual([epoch?.claimsRoot]);

  const node = await get(world, `/api/nodes/${nodes[0]?.signer.nodeId}`, schemas.NodeSummary);
  expect(node).toMatchObject({ payoutAddress: account, online: true, earned: cumulative, settled: cumulative });
  const units = await get(world, `/api/nodes/${node.nodeId}/units?limit=2`, schemas.NodeUnits);
  expect(units.units).toHaveLength(2);
  expect(world.failures).toEqual([]);
});

test('the bundle lets a stranger check every signature and every receipt', async () => {
  const { world, job } = await runJob();
  await settle(world);
  const bundle = await get(world, `/api/jobs/${job.jobId}/bundle`, schemas.ResultBundle);
  expect(bundle.units).toHaveLength(3);
  for (const unit of bundle.units) {
    expect(unit.attestations).toHaveLength(2);
    for (const { nodeId, attestation } of unit.attestations) {
      expect(attestation.leaf).toMatchObject({ workUnitId: unit.workUnitId, resultDigest: unit.canonical });
      expect(verifyLeafAttestation(domain, nodeId, attestation, recoverAddress)).toBe(true);
    }
    expect(unit.receipts).toHaveLength(2);
    for (const { receipt, path, receiptsRoot } of unit.receipts) {
      expect(toHex(rootOfPath(hashReceiptLeaf(receipt), path.map(fromHex)))).toBe(receiptsRoot);
    }
    const blob = await world.app.request(`/api/blobs/${unit.canonical}`);
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(toUtf8(`result ${unit.index}`));
  }
});

test('cells and unit details name replicas, results and parameters', async () => {
  const { world, job, nodes } = await runJob(2);
  await world.settled();
  const { cells } = await get(world, `/api/jobs/${job.jobId}/units`, schemas.UnitCells);
  expect(cells.map(({ status, revealed, progress }) => [status, revealed, progress])).toEqual([
    ['accepted', 2, 1],
    ['accepted', 2, 1],
  ]);
  const unit = await get(world, `/api/jobs/${job.jobId}/units/1`, schemas.UnitDetail);
  expect(unit).toMatchObject({ params: '1', status: 'accepted' });
  expect(unit.replicas.map((replica) => replica.nodeId).sort()).toEqual(nodes.map((n) => n.signer.nodeId).sort());
  const network = await get(world, '/api/network', schemas.NetworkSummary);
  expect(network).toMatchObject({ unitsAccepted: 2, unitsAcceptedLastMinute: 2, jobsCompleted: 1, resultsChecked: 4 });
  expect(network.kernels).toContainEqual({ kernel: 'echo@1.0.0', online: 2 });
});

test('what one node found is told nobody until the unit is decided', async () => {
  const found: string[] = [];
  const look = async (world: World, jobId: string) => {
    await world.settled();
    const unit = await get(world, `/api/jobs/${jobId}/units/0`, schemas.UnitDetail);
    const { cells } = await get(world, `/api/jobs/${jobId}/units`, schemas.UnitCells);
    expect(unit).toMatchObject({ status: 'issued', replicas: [], checks: [], verdict: null, canonical: null });
    expect(cells).toEqual([{ status: 'issued', leased: 1, revealed: 0, progress: 0, digest: null }]);
    const journal = world.journal.entries.map((entry) => new TextDecoder().decode(entry)).join();
    const digest = hashBlob(toUtf8('result 0'));
    expect(world.reveals.units()).toHaveLength(1);
    for (const nodeId of world.coordinator.state.nodes.keys()) {
      const { units } = await get(world, `/api/nodes/${nodeId}/units`, schemas.NodeUnits);
      expect(units).toEqual([]);
    }
    found.push(...(journal.includes(digest) ? [digest] : []));
  };
  const { world, job } = await runJob(1, look);
  expect(found).toEqual([]);
  await world.settled();
  const { replicas } = await get(world, `/api/jobs/${job.jobId}/units/0`, schemas.UnitDetail);
  expect(replicas.every((replica) => replica.resultDigest !== null)).toBe(true);
});

test('a restart replays to the same state and the same answers, and rebuilds the read model', async () => {
  const { world, job } = await runJob();
  await settle(world);
  const again = await createWorld({
    entries: [...world.journal.entries],
    blobs: world.blobs,
    chain: world.chain,
    clock: world.clock,
  });
  await again.settled();
  for (const path of [`/api/jobs/${job.jobId}`, `/api/jobs/${job.jobId}/bundle`, `/api/accounts/${account}`]) {
    const [before, after] = await Promise.all(
      [world, again].map(async (w) => await (await w.app.request(path)).json()),
    );
    const comparable = (value: unknown) =>
      JSON.parse(JSON.stringify(value).replaceAll('"online":true', '"online":false'));
    expect(comparable(after), path).toEqual(comparable(before));
  }
  expect(again.coordinator.state.totals).toEqual(world.coordinator.state.totals);
  await again.settler.poke();
  expect(again.chain.posts).toHaveLength(1);
});
