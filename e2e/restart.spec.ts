import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenBalance } from '@reckon/client/chain/claim';
import { downloadJob } from '@reckon/client/result/download-job';
import { startCli } from './fixtures/cli.ts';
import { exampleJob, newRequester } from './fixtures/requester.ts';
import { freePorts, launch, stackArgs, startStack } from './fixtures/stack.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'reckon-restart-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));

test('after Ctrl-C and a new start every job, result, balance and block is as it was', async () => {
  const port = await freePorts();
  const first = await startStack({ data, port, sample: false });
  const node = startCli(['node', '--workers', '1'], {
    env: { RECKON_RELAY: first.url, XDG_CONFIG_HOME: join(data, 'cli') },
  });
  const requester = await newRequester(first.url);
  const { relay, chain, config, address } = requester;
  const { jobId } = await requester.post(exampleJob('matmul'));
  const ended = await requester.ended(jobId);
  expect(ended.status).toBe('completed');
  // Until its epoch is final a job's figures still move; then they rest.
  await expect.poll(async () => (await relay.job(jobId)).settled, { timeout: 30_000, interval: 500 }).toBe(ended.spent);
  const epochStates = async () =>
    (await relay.epochs(100)).filter(({ receipts }) => receipts > 0).map(({ status }) => status);
  await expect
    .poll(async () => new Set(await epochStates()), { timeout: 30_000, interval: 500 })
    .toEqual(new Set(['final']));
  await node.stop();
  const look = async () => ({
    job: await relay.job(jobId),
    files: (await downloadJob(relay, jobId)).files,
    balance: await tokenBalance(chain, config, address),
    epochs: (await relay.epochs(100)).filter(({ receipts }) => receipts > 0),
    accepted: (await relay.network()).unitsAccepted,
  });
  const before = await look();
  const block = await chain.getBlockNumber();
  expect(await first.stop()).toBe(0);
  await expect(relay.health()).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE' });

  const second = await startStack({ data, port, sample: false });
  try {
    expect(await look()).toEqual(before);
    expect(await chain.getBlockNumber()).toBeGreaterThanOrEqual(block);
  } finally {
    await second.stop();
  }
}, 90_000);

test('a port that is taken is refused with its code, and nothing stays behind', async () => {
  const port = await freePorts();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  try {
    const program = launch(stackArgs({ house: false }, port, join(data, 'taken')));
    expect(await program.exited).toBe(1);
    expect([...program.stdout, ...program.stderr].join('\n')).toContain(`PORT_IN_USE: Port ${port} is in use.`);
  } finally {
    other.close();
  }
});

test('a data folder in use is refused with its code', async () => {
  const first = await startStack({ data, house: false, sample: false });
  try {
    const program = launch(stackArgs({ house: false }, await freePorts(), data));
    expect(await program.exited).toBe(1);
    expect([...program.stdout, ...program.stderr].join('\n')).toContain('DATA_LOCKED');
  } finally {
    await first.stop();
  }
});
