import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSettlementReader } from '@reckon/client/audit/settlement-reader';
import { fromUtf8, toUtf8 } from '@reckon/protocol/base/bytes';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { accessFaults } from './fixtures/axe.ts';
import { complaintsOf, newPerson, openBrowser } from './fixtures/browser.ts';
import { type CliRun, reckon, startCli } from './fixtures/cli.ts';
import type { Program } from './fixtures/program.ts';
import { exampleJob, newRequester, type Requester, vote } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';
import { startTamperingProxy, type Tamper } from './fixtures/tampering-proxy.ts';

// One job is ordered, computed by the house and by a node of somebody else's, and settled; then its relay is audited.
let stack: Stack;
let browser: Browser;
let requester: Requester;
let node: Program;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-audit-'));
  [stack, browser] = await Promise.all([startStack({ sample: false, epochMs: 2000 }), openBrowser()]);
  const payout = `0x${'17'.repeat(32)}`;
  const env = { RECKON_RELAY: stack.url, XDG_CONFIG_HOME: join(folder, 'node'), RECKON_PRIVATE_KEY: payout };
  node = startCli(['node', '--workers', '1', '--json'], { env });
  requester = await newRequester(stack.url);
  const picture = exampleJob('mandelbrot', { verify: vote, params: { width: 256, height: 192, tile: 64 } });
  const { jobId } = await requester.post(picture);
  expect(await requester.ended(jobId)).toMatchObject({ status: 'completed', units: { total: 12, accepted: 12 } });
  await published();
});
afterAll(async () => {
  await browser?.close();
  await node?.stop();
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Waits until the published log holds an epoch of the job, and its posting. */
const published = (): Promise<void> =>
  vi.waitFor(
    async () => {
      const { json } = await audit('--units', '0', '--signatures', 'none');
      const { chain, totals, epochs } = json as {
        chain: { compared: number; notPosted: number[] };
        totals: { accepted: number };
        epochs: object[];
      };
      expect([totals.accepted, chain.notPosted, chain.compared]).toEqual([12, [], epochs.length]);
      expect(epochs.length).toBeGreaterThan(0);
    },
    { timeout: 50_000, interval: 1000 },
  );

const audit = (...args: string[]): Promise<CliRun> => auditAt(stack.url, ...args);
const auditAt = (url: string, ...args: string[]): Promise<CliRun> =>
  reckon(['audit', '--relay', url, '--json', ...args], { env: { XDG_CONFIG_HOME: join(folder, 'auditor') } });
const errorOf = ({ json }: CliRun) => json?.['error'] as { code: string; details: { index?: number } } | undefined;

test('reckon audit: log, rules, chain and recomputed units agree, and the balances are the chain’s', async () => {
  const run = await audit('--units', '3');
  expect(run.stderr).toBe('');
  expect(run).toMatchObject({ code: 0, json: { ok: true, signatures: { skipped: 0 }, accepted: 12 } });
  const recomputed = run.json?.['recomputed'] as { how: string }[];
  expect(recomputed.map(({ how }) => how)).toEqual(['execution', 'execution', 'execution']);
  const balances = run.json?.['balances'] as { account: string; cumulative: string }[];
  const sum = balances.reduce((all, { cumulative }) => all + BigInt(cumulative), 0n);
  const chain = createSettlementReader(`${stack.url}${requester.config.rpcPath}`);
  const onChain = await chain.newest(requester.config.contracts.settlement);
  expect(sum).toBe(onChain.totalCumulative);
  for (const { account, cumulative } of balances) {
    const known = await requester.relay.account(account as never);
    expect(known.settled).toBe(BigInt(cumulative));
  }
});

test.each([
  [
    'edits an entry',
    (bundle, first) =>
      first === 0 ? bundle.with(20, toUtf8(fromUtf8(bundle[20] as Uint8Array).replace('"at":1', '"at":2'))) : bundle,
    20,
  ],
  [
    'swaps two entries',
    (bundle, first) =>
      first === 0 ? bundle.with(15, bundle[16] as Uint8Array).with(16, bundle[15] as Uint8Array) : bundle,
    15,
  ],
  ['leaves one out', (bundle, first) => (first === 0 ? bundle.toSpliced(18, 1) : bundle), 18],
] satisfies [string, Tamper, number][])(
  'somebody who %s is found out, and the entry is named',
  async (_what, tamper, index) => {
    const proxy = await startTamperingProxy(stack.url, tamper);
    const run = await auditAt(proxy.url, '--units', '0');
    await proxy.close();
    expect(run.code).toBe(1);
    expect(errorOf(run)).toMatchObject({ code: 'LOG_ENTRY_MISMATCH', details: { index } });
  },
);

test('another auditor’s checkpoint is compared; a forged one is refused', async () => {
  const note = await (await fetch(`${stack.url}/log/checkpoint`)).text();
  const theirs = join(folder, 'theirs');
  await writeFile(theirs, note);
  expect((await audit('--units', '0', '--signatures', 'none', '--compare', theirs)).code).toBe(0);
  expect((await audit('--units', '0', '--signatures', 'none', '--compare', `${stack.url}/log/checkpoint`)).code).toBe(
    0,
  );
  await writeFile(theirs, note.replace(/\n\d+\n/, '\n3\n'));
  expect(errorOf(await audit('--units', '0', '--compare', theirs))?.code).toBe('CHECKPOINT_INVALID');
});

/** The audit page of a person who has just opened it. */
async function openAudit(url: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await newPerson(browser)).newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${url}/audit`);
  await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
  return { page, complaints };
}

test('on the page: nothing is downloaded before Start; the log passes, units are computed in the browser', async () => {
  const { page, complaints } = await openAudit(stack.url);
  const asked: string[] = [];
  page.context().on('request', (request) => void asked.push(new URL(request.url()).pathname));
  expect(asked.filter((path) => path.startsWith('/log/'))).toEqual([]);
  expect(await accessFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Start the audit' }).click();
  await page.getByText('The log, the rules and the chain agree.').waitFor();
  expect(
    await page.getByRole('table', { name: 'Epochs, worked out here' }).getByText('✓ as on chain').count(),
  ).toBeGreaterThan(0);
  expect(await accessFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Compute 5 units' }).click();
  await page.getByText('The log, the rules, the chain and 5 recomputed units agree.').waitFor();
  expect(await page.getByRole('list', { name: 'Units computed again' }).getByRole('listitem').count()).toBe(5);
  await page.getByRole('button', { name: 'Audit again' }).click();
  await page.getByText('The log extends the one this browser saw last').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('on the page: a tampered log stops at the entry, which is shown', async () => {
  const tamper: Tamper = (bundle, first) =>
    first === 0 ? bundle.with(20, toUtf8(fromUtf8(bundle[20] as Uint8Array).replace('"at":1', '"at":2'))) : bundle;
  const proxy = await startTamperingProxy(stack.url, tamper);
  const { page } = await openAudit(proxy.url);
  await page.getByRole('button', { name: 'Start the audit' }).click();
  await page.getByRole('heading', { name: 'Entry 20 differs' }).waitFor();
  expect(await page.getByLabel('Entry 20 as text').innerText()).toContain('"at": 2');
  expect(await accessFaults(page)).toEqual([]);
  await page.context().close();
  await proxy.close();
});
