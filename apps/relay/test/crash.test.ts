import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settlementAbi } from '@reckon/contracts/abi/settlement';
import { mandelbrotReference } from '@reckon/kernels/kernels/mandelbrot/reference';
import { readTile } from '@reckon/kernels/kernels/mandelbrot/params';
import { mandelbrotRules } from '@reckon/kernels/kernels/mandelbrot/rules';
import { fromHex } from '@reckon/protocol/base/bytes';
import { toJson } from '@reckon/protocol/base/json';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { JobSummary, ResultBundle, UnitDetail } from '@reckon/protocol/wire/http';
import * as v from 'valibot';
import { afterEach, expect, test } from 'vitest';
import { freePort, startAnvil } from '../testing/anvil.ts';
import { type RelayProcess, startRelayProcess } from '../testing/relay-process.ts';
import { servedKernels } from '../src/kernels.ts';
import { makeSpec, orderJob, PRICE } from '../testing/requester.ts';
import { runSteadyNode, type SteadyNode } from '../testing/steady-node.ts';
import type { LeaseMessage } from '../testing/test-node.ts';

const UNITS = 60;
const KILLS = 6;
const QUORUM = 2;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const cleaners: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

/** Slow enough that kills fall into the middle of everything. */
async function compute(lease: LeaseMessage): Promise<Uint8Array> {
  await pause(30);
  const counts = mandelbrotReference(readTile(lease.params));
  return new Uint8Array(counts.buffer, counts.byteOffset, counts.byteLength);
}

async function ask<S extends v.GenericSchema>(url: string, schema: S): Promise<v.InferOutput<S>> {
  const response = await fetch(url);
  const body = await response.json();
  expect(response.status, JSON.stringify(body)).toBe(200);
  return v.parse(schema, body);
}

test('a relay killed at any moment loses no acknowledged result and pays no unit twice', {
  timeout: 120_000,
}, async () => {
  const seed = Number(process.env['RECKON_SEED'] ?? Date.now() % 1_000_000);
  const random = createSeededRandom(seed);
  const dataDir = mkdtempSync(join(tmpdir(), 'reckon-crash-'));
  cleaners.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const anvil = await startAnvil();
  cleaners.push(anvil.stop);
  const [port, embedPort] = [await freePort(), await freePort()];
  const { rpcUrl, chainId, contracts } = anvil;
  const config = {
    dataDir,
    port,
    embedPort,
    chain: { rpcUrl, chainId, contracts },
    epochMs: 250,
    heartbeatMs: 1000,
    graceMs: 3000,
    logLevel: 'error',
  };
  let relay: RelayProcess | undefined;
  cleaners.push(() => relay?.kill());
  const start = async (): Promise<RelayProcess> => {
    const started = await startRelayProcess(config, { RECKON_OPERATOR_KEY: anvil.operatorKey });
    expect(started.announcement, `seed ${seed}`).toMatchObject({ ready: true, port });
    return started;
  };
  relay = await start();

  const origin = `http://127.0.0.1:${port}`;
  const { manifest } = mandelbrotRules;
  const kernel = { name: kernelName(manifest), digest: manifest.digest };
  const plan = await mandelbrotRules.split({ width: 160, height: 96, tile: 16, maxIterations: 100 }, new Map());
  expect(plan.units).toHaveLength(UNITS);
  const units = plan.units.map(({ params }) => ({ params, blobs: [] }));
  const policy = { kind: 'quorum' as const, quorum: QUORUM, maxReplicas: 6 };
  const spec = makeSpec(kernel, UNITS, { units, policy, params: plan.stageParams, leaseMs: 4000 });
  const domain = { chainId, verifyingContract: contracts.settlement };
  const expiresAt = Math.floor(Date.now() / 1000) + 3600;
  const job = orderJob(domain, fromHex(anvil.requesterKey), spec, expiresAt);
  const put = await fetch(`${origin}/api/blobs/${job.order.specDigest}`, {
    method: 'PUT',
    body: job.specBytes as never,
  });
  expect(put.status).toBe(201);
  const body = toJson({ order: job.order, signature: job.signature });
  const headers = { 'content-type': 'application/json' };
  const posted = await fetch(`${origin}/api/jobs`, { method: 'POST', body, headers });
  expect(posted.status, await posted.text()).toBe(201);

  const nodes: SteadyNode[] = [1, 2, 3].map((byte) => {
    const key = new Uint8Array(32).fill(byte);
    const { rules } = servedKernels;
    return runSteadyNode({
      rules,
      url: `ws://127.0.0.1:${port}/ws`,
      key,
      domain,
      kernels: [kernel],
      slots: 3,
      compute,
    });
  });
  cleaners.push(() => nodes.forEach((node) => node.stop()));
  await anvil.fund(job.order);

  const storedCount = () => nodes.reduce((sum, node) => sum + node.stored.size, 0);
  for (let kill = 1; kill <= KILLS; kill++) {
    // Some progress between kills, then at any moment of it.
    const goal = Math.floor((kill / (KILLS + 1)) * UNITS * QUORUM * 0.9);
    while (storedCount() < goal) await pause(5);
    await pause(random.below(150));
    await relay.kill();
    relay = await start();
  }
  const jobUrl = `${origin}/api/jobs/${job.jobId}`;
  let summary = await ask(jobUrl, JobSummary);
  while (summary.settled < PRICE * BigInt(UNITS)) {
    expect(['funded', 'running', 'completed']).toContain(summary.status);
    await pause(100);
    summary = await ask(jobUrl, JobSummary);
  }
  expect(summary, `seed ${seed}`).toMatchObject({ status: 'completed', spent: PRICE * BigInt(UNITS) });
  expect(summary.units.accepted).toBe(UNITS);

  const bundle = await ask(`${jobUrl}/bundle`, ResultBundle);
  for (const unit of bundle.units) {
    const detail = await ask(`${jobUrl}/units/${unit.index}`, UnitDetail);
    for (const node of nodes) {
      if (!node.stored.has(unit.workUnitId)) continue;
      const replica = detail.replicas.find((own) => own.nodeId === node.nodeId);
      expect(replica?.revealedAt, `seed ${seed}: unit ${unit.index} of ${node.nodeId}`).toBeTypeOf('number');
      expect((await fetch(`${origin}/api/blobs/${replica?.resultDigest}`)).status).toBe(200);
    }
    const paid = unit.receipts.map(({ receipt }) => receipt.nodeId);
    expect(new Set(paid).size).toBe(paid.length);
    const rewards = unit.receipts.reduce((sum, { receipt }) => sum + receipt.reward, 0n);
    expect(rewards, `seed ${seed}: unit ${unit.index}`).toBe((PRICE * 95n) / 100n);
  }
  const settlement = { address: contracts.settlement, abi: settlementAbi } as const;
  const released = await anvil.publicClient.readContract({ ...settlement, functionName: 'totalReleased' });
  expect(released, `seed ${seed}`).toBe(PRICE * BigInt(UNITS));
  expect(await relay.stop()).toBe(0);
});
