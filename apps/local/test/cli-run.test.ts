import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '@reckon/client/cli/cli';
import { createRelayClient } from '@reckon/client/relay-client';
import { createHeadlessNode } from '@reckon/node/headless/headless-node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Stack, startStack } from '../src/stack.ts';
import { tempFolder } from '../testing/temp-folder.ts';

const matmul = fileURLToPath(new URL('../../../examples/matmul/job.json', import.meta.url));
const silent = { debug() {}, info() {}, warn() {}, error() {} };
let system: Awaited<ReturnType<typeof tempFolder>>;
let stack: Stack;
let folder: string;
beforeAll(async () => {
  system = await tempFolder();
  stack = await startStack({ dataDir: join(system.path, 'data'), port: 0, sample: false, epochMs: 1_000, web: 'none' });
}, 30_000);
afterAll(async () => {
  await stack.stop();
  await system.remove();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-run-'));
  return () => rm(folder, { recursive: true, force: true });
});

async function cli(argv: string[], options: { signal?: AbortSignal; onProgress?: (line: string) => void } = {}) {
  let printed = '';
  const exitCode = await runCli([...argv, '--json'], {
    env: { RECKON_RELAY: stack.url, XDG_CONFIG_HOME: system.path },
    print: (text) => (printed += text),
    terminal: { columns: 80, say() {}, progress: options.onProgress ?? (() => undefined), tick() {}, endProgress() {} },
    signal: options.signal ?? new AbortController().signal,
  });
  return { exitCode, answer: JSON.parse(printed) };
}
async function writeJob(title: string): Promise<string> {
  const path = join(folder, 'job.json');
  const stage = {
    kernel: 'mandelbrot@1.0.0',
    params: { width: 64, height: 32, tile: 32, maxIterations: 100 },
    verify: { kind: 'quorum', quorum: 2, maxReplicas: 4 },
    pricePerUnit: '0.01',
  };
  await writeFile(path, JSON.stringify({ title, requester: 'Ada', stages: [stage] }));
  return path;
}

test('an interrupted run goes on with the job it had posted, and pays once', async () => {
  const path = await writeJob('Interrupted');
  const out = join(folder, 'out');
  const interrupt = new AbortController();
  // Only the house node is there, so the job cannot complete: it is left while it waits for a second voice.
  const first = await cli(['run', path, '--out', out], {
    signal: interrupt.signal,
    onProgress: (line) => line.includes('running') && interrupt.abort(),
  });
  expect(first).toMatchObject({ exitCode: 1, answer: { ok: false, error: { code: 'INTERRUPTED' } } });

  const node = await createHeadlessNode({
    relayUrl: stack.url,
    dataDir: join(folder, 'volunteer'),
    kind: 'headless',
    workers: 1,
    log: silent,
  });
  node.start();
  try {
    const second = await cli(['run', path, '--out', out]);
    expect(second).toMatchObject({
      exitCode: 0,
      answer: { ok: true, settled: true, units: { accepted: 2 }, funding: { tx: null }, nodes: 2 },
    });
    const jobs = await createRelayClient(stack.url).jobs();
    expect(jobs.map(({ title }) => title)).toEqual(['Interrupted']);
    expect((await readFile(join(out, 'mandelbrot.png'))).subarray(1, 4).toString()).toBe('PNG');
    expect(await cli(['verify', out])).toMatchObject({ exitCode: 0, answer: { settled: true, chain: true } });
    expect(await cli(['verify', out, '--rpc', 'http://127.0.0.1:1'])).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'CHAIN_UNREACHABLE' } },
    });
    expect(await cli(['status', second.answer.jobId])).toMatchObject({
      exitCode: 0,
      answer: { job: { status: 'completed' } },
    });
  } finally {
    node.close();
  }
}, 60_000);

test('a job whose kernel has a certificate needs one node', async () => {
  const out = join(folder, 'out');
  const ran = await cli(['run', matmul, '--out', out]);
  expect(ran).toMatchObject({
    exitCode: 0,
    answer: {
      units: { accepted: 8 },
      nodes: 1,
      policy: { kind: 'certificate' },
      verification: { price: { executions: 1.15, bytes: 0 }, promise: { undetected: 2 ** -63 } },
      verified: { certificate: 8 },
    },
  });
}, 60_000);

test('a wallet that has earned nothing has nothing to claim', async () => {
  expect(await cli(['claim'])).toMatchObject({ exitCode: 1, answer: { error: { code: 'CLAIM_EMPTY' } } });
});

test('a job nobody knows is JOB_UNKNOWN', async () => {
  expect(await cli(['status', `0x${'00'.repeat(32)}`])).toMatchObject({
    exitCode: 1,
    answer: { error: { code: 'JOB_UNKNOWN' } },
  });
});

test('a node computes until it is interrupted, and then says what it did', async () => {
  const interrupt = new AbortController();
  const ran = await cli(['node', '--workers', '1', '--data', join(folder, 'node')], {
    signal: interrupt.signal,
    onProgress: (line) => line.includes('Waiting') && interrupt.abort(),
  });
  expect(ran).toMatchObject({ exitCode: 0, answer: { ok: true, totals: { accepted: 0 } } });
}, 30_000);
