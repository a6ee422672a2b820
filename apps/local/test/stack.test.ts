import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createChainReader } from '@reckon/client/chain/relay-chain';
import { awaitSettlement } from '@reckon/client/cli/await-settlement';
import { loadOrMakeKey } from '@reckon/client/files/key-file';
import { createKeyWallet, topUp } from '@reckon/client/files/wallet';
import { type PostedJob, postJob } from '@reckon/client/post-job';
import { prepareJob } from '@reckon/client/prepare-job';
import { createRelayClient } from '@reckon/client/relay-client';
import { downloadJob } from '@reckon/client/result/download-job';
import { verifyResult } from '@reckon/client/result/verify-result';
import { watchJob } from '@reckon/client/watch-job';
import { createHeadlessNode } from '@reckon/node/headless/headless-node';
import { fromHex } from '@reckon/protocol/base/bytes';
import type { JobId } from '@reckon/protocol/base/ids';
import { addressOfKey } from '@reckon/protocol/base/signature';
import { parseJobFile } from '@reckon/protocol/model/job-file';
import type { JobSummary } from '@reckon/protocol/wire/http';
import { generatePrivateKey } from 'viem/accounts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callRpc } from '../src/chain/rpc.ts';
import { dataPaths } from '../src/data-folder.ts';
import { type Stack, type StackOptions, startStack } from '../src/stack.ts';
import { tempFolder } from '../testing/temp-folder.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const picture = parseJobFile({
  title: 'A small picture',
  requester: 'Ada',
  stages: [
    {
      kernel: 'mandelbrot@1.0.0',
      params: { width: 96, height: 64, tile: 32, maxIterations: 200 },
      verify: { kind: 'sample', chunks: 8, checkers: 1, maxReplicas: 3 },
      pricePerUnit: '0.01',
    },
  ],
});

let folder: Awaited<ReturnType<typeof tempFolder>>;
let closers: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await tempFolder();
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  await folder.remove();
});

async function start(options: Partial<StackOptions> = {}): Promise<Stack> {
  const dataDir = join(folder.path, 'data');
  const stack = await startStack({ dataDir, port: 0, sample: false, epochMs: 1_000, web: 'none', ...options });
  closers.push(() => stack.stop());
  return stack;
}
async function volunteer(url: string): Promise<void> {
  const dataDir = join(folder.path, 'volunteer');
  const node = await createHeadlessNode({ relayUrl: url, dataDir, kind: 'headless', workers: 1, log: silent });
  closers.push(() => node.close());
  node.start();
}
async function order(url: string): Promise<PostedJob> {
  const relay = createRelayClient(url);
  const config = await relay.config();
  const prepared = await prepareJob(picture, new Map(), config);
  const wallet = createKeyWallet(generatePrivateKey(), config, url);
  const chain = createChainReader(config, url);
  await topUp(relay, config, chain, wallet, prepared.budget);
  return postJob({ relay, config, prepared, wallet, chain });
}
async function ended(url: string, jobId: JobId): Promise<JobSummary | undefined> {
  let last: JobSummary | undefined;
  for await (const { job } of watchJob(createRelayClient(url), jobId)) last = job;
  return last;
}
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a job is posted, paid, computed by two nodes that check each other, settled, verified, and found again after a restart', async () => {
  const first = await start();
  await volunteer(first.url);
  const { jobId } = await order(first.url);
  expect(await ended(first.url, jobId)).toMatchObject({ status: 'completed', units: { accepted: 6 }, nodes: 2 });
  const relay = createRelayClient(first.url);
  const config = await relay.config();
  const result = await awaitSettlement(
    relay,
    config,
    jobId,
    await downloadJob(relay, jobId),
    AbortSignal.timeout(30_000),
  );
  expect(result).toBeDefined();
  const { files } = result as NonNullable<typeof result>;
  const report = await verifyResult(files, { chain: createChainReader(config, first.url) });
  expect(report.checks.filter((check) => check.status !== 'ok')).toEqual([]);
  expect(report.checks.find(({ name }) => name === 'verdicts')?.words).toContain('checked 6 by sample');
  expect(report.checks.find(({ name }) => name === 'receipts')?.words).toContain('12 receipts, 6 of them for checks,');
  const epochs = await relay.epochs();
  await first.stop();

  const second = await start({ house: false });
  const again = createRelayClient(second.url);
  expect(await again.job(jobId)).toMatchObject({ status: 'completed', spent: 6n * 10n ** 16n });
  expect((await again.epochs()).map(({ receiptsRoot }) => receiptsRoot)).toEqual(
    epochs.map(({ receiptsRoot }) => receiptsRoot),
  );
  expect(await verifyResult(files, { chain: createChainReader(await again.config(), second.url) })).toMatchObject({
    ok: true,
  });
}, 60_000);

test('a relay that is killed is started again on its port, and the job goes on', async () => {
  const stack = await start();
  const { jobId } = await order(stack.url);
  const { relayPid } = stack;
  process.kill(relayPid, 'SIGKILL');
  await expect.poll(() => stack.relayPid, { timeout: 15_000 }).not.toBe(relayPid);
  await expect
    .poll(
      () =>
        createRelayClient(stack.url)
          .health()
          .then(
            ({ ok }) => ok,
            () => false,
          ),
      { timeout: 15_000 },
    )
    .toBe(true);
  await volunteer(stack.url);
  expect(await ended(stack.url, jobId)).toMatchObject({ status: 'completed' });
}, 60_000);

interface Running {
  child: ChildProcess;
  url: string;
  relayPid: number;
  housePid: number;
}
async function startProgram(): Promise<Running> {
  const program = fileURLToPath(new URL('../testing/stack-program.ts', import.meta.url));
  const child = spawn(process.execPath, [program, join(folder.path, 'data')], { stdio: ['ignore', 'pipe', 'inherit'] });
  closers.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, ...(JSON.parse(line.toString()) as Omit<Running, 'child'>) };
}

test('when the whole is killed its processes end by themselves, and the next start finds the job', async () => {
  const first = await startProgram();
  const { jobId } = await order(first.url);
  const { pid } = JSON.parse(await readFile(dataPaths(join(folder.path, 'data')).chainPid, 'utf8')) as { pid: number };
  first.child.kill('SIGKILL');
  for (const left of [first.relayPid, first.housePid, pid]) {
    await expect.poll(() => isAlive(left), { timeout: 10_000 }).toBe(false);
  }
  const second = await start();
  expect(await createRelayClient(second.url).job(jobId)).toMatchObject({ status: 'running', funded: 6n * 10n ** 16n });
  await volunteer(second.url);
  expect(await ended(second.url, jobId)).toMatchObject({ status: 'completed' });
}, 60_000);

test('a port that is taken is named, and nothing is left running', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  closers.push(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await expect(start({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { port } });
  await start({ house: false });
}, 30_000);

test('a data folder in use is refused with the process that holds it', async () => {
  await start({ house: false });
  await expect(start({ house: false })).rejects.toMatchObject({ code: 'DATA_LOCKED', details: { pid: process.pid } });
}, 30_000);

test('a fresh start forgets jobs and chain', async () => {
  const first = await start({ house: false });
  await order(first.url);
  await first.stop();
  const second = await start({ house: false, fresh: true });
  expect(await createRelayClient(second.url).jobs()).toEqual([]);
}, 30_000);

test('a chain that is given is used: gas money is asked for, and contracts are deployed there once', async () => {
  const { rpcUrl } = await start({ house: false });
  const dataDir = join(folder.path, 'other');
  const options = { dataDir, chainRpc: rpcUrl, house: false };
  await expect(start({ ...options, chainRpc: 'http://127.0.0.1:1' })).rejects.toMatchObject({
    code: 'CHAIN_UNREACHABLE',
  });
  await expect(start(options)).rejects.toMatchObject({ code: 'BALANCE_TOO_SMALL' });
  const operator = addressOfKey(fromHex(await loadOrMakeKey(dataPaths(dataDir).operatorKey)));
  await callRpc(rpcUrl, 'anvil_setBalance', [operator, '0xde0b6b3a7640000']);
  const first = await start(options);
  expect(await createRelayClient(first.url).config()).toMatchObject({ operator, faucet: false });
  await first.stop();
  const second = await start(options);
  expect(second.deployment).toEqual(first.deployment);
}, 30_000);
