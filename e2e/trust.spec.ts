import { encodeNpy } from '@reckon/kernels/tensor/npy';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessFaults } from './fixtures/axe.ts';
import { complaintsOf, newPerson, openBrowser } from './fixtures/browser.ts';
import { startCli } from './fixtures/cli.ts';
import { connectWallet, openOrderForm } from './fixtures/order.ts';
import type { Program } from './fixtures/program.ts';
import { openRawNode } from './fixtures/raw-node.ts';
import { rawResult, sayBytes, sayCommit, sayReveal } from './fixtures/raw-result.ts';
import { exampleJob, newRequester, type Requester } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';

// No house node at first: the forger is to be the first who is asked.
let stack: Stack;
let browser: Browser;
let requester: Requester;
let person: BrowserContext;
const nodes: Program[] = [];
const startNode = (name: string) =>
  nodes.push(
    startCli(['node', '--workers', '1'], {
      env: { RECKON_RELAY: stack.url, XDG_CONFIG_HOME: `${stack.data}/${name}` },
    }),
  );
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ house: false, sample: false }), openBrowser()]);
  requester = await newRequester(stack.url);
  person = await newPerson(browser, { reducedMotion: 'reduce' });
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(nodes.map((node) => node.stop()));
  await stack?.stop();
});

test('before anything was computed the network’s measures say so', async () => {
  const page = await person.newPage();
  await page.goto(`${stack.url}/network`);
  const measures = page.getByRole('region', { name: 'How far results can be believed' });
  await measures.getByText('No results yet').first().waitFor();
  expect(await accessFaults(page)).toEqual([]);
  await page.close();
});

test('who forges under a certificate is told so and gets no work, and the job completes without them', async () => {
  const { jobId } = await requester.post(exampleJob('matmul'));
  const forger = await openRawNode(stack.url, requester.config);
  forger.say(forger.hello());
  await forger.hear('welcome');
  forger.say({ type: 'ready', slots: 1 });
  const lease = await forger.hear('lease');
  const { rows, columns } = JSON.parse(lease.params) as { rows: number; columns: number };
  const zeros = encodeNpy({ dtype: 'int32', shape: [rows, columns], data: new Uint8Array(rows * columns * 4) });
  const forged = rawResult(lease, zeros);
  sayCommit(forger, forged);
  sayReveal(forger, forged);
  sayBytes(forger, 1, forged);
  expect(await forger.hear('verdict')).toMatchObject({
    workUnitId: lease.workUnitId,
    verdict: 'disagreed',
    reward: 0n,
    reason: { code: 'CERTIFICATE_REJECTED' },
  });
  expect(await forger.hear('refused')).toMatchObject({
    fatal: false,
    error: { code: 'NODE_BARRED', details: { reason: 'CERTIFICATE_REJECTED' } },
  });
  const { standing } = await requester.relay.node(forger.signer.nodeId);
  expect(standing.barredUntil ?? 0).toBeGreaterThan(Date.now());
  const leases = forger.heard('lease');

  startNode('ada');
  expect(await requester.ended(jobId)).toMatchObject({ status: 'completed', units: { failed: 0 } });
  expect(forger.heard('lease')).toBe(leases);
  forger.leave();

  const page = await person.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${stack.url}/jobs/${jobId}?unit=${lease.index}`);
  const replicas = page.getByRole('table', { name: 'Replicas of this unit' });
  await replicas.getByRole('link', { name: 'Failed its kernel’s check' }).click();
  await page.getByRole('heading', { name: 'Failed its kernel’s check' }).waitFor();
  expect(new URL(page.url()).hash).toBe('#CERTIFICATE_REJECTED');
  expect(await accessFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
}, 90_000);

/** Orders a kernel's example from the form under the policy of this name, and waits until it is completed. */
async function order(page: Page, kernel: string, policy: string, wallet?: string): Promise<void> {
  const form = await openOrderForm(page, stack.url, kernel);
  await page.getByRole('button', { name: 'Use an example' }).click();
  await page.getByRole('radio', { name: new RegExp(`^${policy}`) }).check();
  const terms = page.getByLabel('Terms of this check');
  await terms.getByText(/the work of one result/).waitFor();
  await terms.getByText(/later|no added delay/).waitFor(); // priced for this input
  expect(await terms.innerText()).toMatch(/noticed/);
  expect(await accessFaults(page)).toEqual([]);
  if (wallet !== undefined) await connectWallet(page, form.order, wallet);
  await form.order.getByText('test money').first().waitFor();
  await form.sign();
  await page.getByRole('status').filter({ hasText: 'completed' }).waitFor({ timeout: 90_000 });
}

/** The verdict of the open unit, in words. */
const verdictOf = (page: Page) => page.locator('.unit-panel dl.facts dd').first();

async function openUnit(page: Page, index: number): Promise<void> {
  await page.goto(`${page.url().split('?', 1)[0]}?unit=${index}`);
  await page.getByRole('heading', { name: `Unit ${index}` }).waitFor();
}

test('a job ordered by sample and one by certificate say of each unit how it was verified', async () => {
  startNode('grace');
  const own = await newPerson(browser, { reducedMotion: 'reduce' });
  const page = await own.newPage();
  const complaints = complaintsOf(page);
  await order(page, 'mandelbrot@1.0.0', 'Sample', 'Demo wallet');
  await page.getByText(/100% by sample/).waitFor();
  await openUnit(page, 3);
  await expect
    .poll(() => verdictOf(page).innerText())
    .toMatch(
      /^Checked by sample: 32 of 160 chunks recomputed by 1 other node; chance that a forgery of 10% passes: \d/,
    );
  await page.getByRole('table', { name: 'Checks of this unit' }).getByText('Found the same').waitFor();
  expect(await accessFaults(page)).toEqual([]);

  await order(page, 'matmul-i8@1.1.0', 'Certificate'); // the page remembers the wallet
  await openUnit(page, 0);
  await expect
    .poll(() => verdictOf(page).innerText())
    .toMatch(/^Checked by its kernel’s certificate; .* less than one in/);
  expect(await accessFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await own.close();
}, 240_000);

test('the network page shows what was verified, at what work, and who was caught', async () => {
  const page = await person.newPage();
  await page.goto(`${stack.url}/network`);
  const measures = page.getByRole('region', { name: 'How far results can be believed' });
  const value = async (name: string) =>
    (await measures.locator('.stat').filter({ hasText: name }).locator('.stat-value').innerText()).trim();
  await measures.getByText('Verifiability rate').waitFor();
  expect(await value('Verifiability rate')).toBe('100%');
  expect(Number(await value('Executions per result'))).toBeGreaterThan(1);
  expect(Number(await value('Executions per result'))).toBeLessThan(2);
  expect(await value('Disagreement rate')).toMatch(/^\d+(\.\d+)?%$/);
  expect(await value('Nodes caught')).toBe('1');
  expect(await accessFaults(page)).toEqual([]);
  await page.close();
});
