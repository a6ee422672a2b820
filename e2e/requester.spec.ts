import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessFaults } from './fixtures/axe.ts';
import { complaintsOf, newPerson, openBrowser } from './fixtures/browser.ts';
import { reckon, startCli } from './fixtures/cli.ts';
import { connectWallet, openOrderForm } from './fixtures/order.ts';
import { type Program, root } from './fixtures/program.ts';
import { exampleJob, newRequester, type Requester } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';
import { installWallet, TEST_WALLET_NAME } from './fixtures/wallet.ts';

// The house node and a node in a terminal compute; the browser is the requester's.
let stack: Stack;
let browser: Browser;
let node: Program;
let folder: string;
let other: Requester;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-requester-'));
  [stack, browser] = await Promise.all([startStack({ sample: false }), openBrowser()]);
  node = startCli(['node', '--workers', '1'], { env: { RECKON_RELAY: stack.url, XDG_CONFIG_HOME: folder } });
  other = await newRequester(stack.url);
});
afterAll(async () => {
  await browser?.close();
  await node?.stop();
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Waits on a job's page until it is completed, downloads the archive and verifies it in a terminal. */
async function downloadAndVerify(page: Page): Promise<void> {
  await page.getByRole('status').filter({ hasText: 'completed' }).waitFor({ timeout: 60_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Verify and download' }).click(),
  ]);
  const archive = join(folder, download.suggestedFilename());
  await download.saveAs(archive);
  const verified = await reckon(['verify', archive, '--json']);
  expect(verified).toMatchObject({ code: 0, json: { ok: true, chain: true } });
}

test('a requester drops files, sees the price, pays by wallet, watches the cells fill and downloads what verifies', async () => {
  const person = await newPerson(browser);
  const wallet = await installWallet(person, { chainId: other.config.chainId, rpcUrl: `${stack.url}/rpc` });
  await other.chain.waitForTransactionReceipt({ hash: await other.relay.faucet(wallet.address as never) });
  const page = await person.newPage();
  const complaints = complaintsOf(page);
  const form = await openOrderForm(page, stack.url, 'onnx@1.1.0');
  await form.fill('Title', 'Read my digits');
  await form.fill('Your name', 'Ada');
  const files = ['digits.onnx', 'images.npy'].map((name) => join(root, 'examples/digits', name));
  await page.locator('input[type=file]').setInputFiles(files);
  await form.fill('batch', '20');
  await form.cost.getByText('10 units', { exact: false }).waitFor();
  expect(await form.cost.locator('.cost-total').innerText()).toMatch(/^0\.1/);
  expect(wallet.asked).not.toContain('eth_requestAccounts'); // the price came before the wallet
  expect(await accessFaults(page)).toEqual([]);

  await connectWallet(page, form.order, TEST_WALLET_NAME);
  await form.sign();
  await page.getByRole('heading', { name: 'Read my digits' }).waitFor({ timeout: 30_000 });
  expect(wallet.asked.filter((method) => method === 'eth_signTypedData_v4')).toHaveLength(2);
  expect(wallet.asked.filter((method) => method === 'eth_sendTransaction')).toHaveLength(1);
  await downloadAndVerify(page);
  await page.getByText('10 of 10 accepted').or(page.getByText('100% of 10 units accepted')).first().waitFor();
  expect(await accessFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await person.close();
}, 120_000);

test('with the demo wallet, which comes filled, a picture appears tile by tile', async () => {
  const person = await newPerson(browser);
  const page = await person.newPage();
  const form = await openOrderForm(page, stack.url, 'mandelbrot@1.0.0');
  await page.getByRole('button', { name: 'Use an example' }).click();
  await form.cost.getByText('24 units', { exact: false }).waitFor();
  await connectWallet(page, form.order, 'Demo wallet');
  await form.order.getByText('test money').first().waitFor();
  await form.sign();
  const picture = page.getByRole('img', { name: 'The picture so far: 24 tiles' });
  await picture.waitFor({ timeout: 60_000 });
  const colours = await picture.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    const seen = new Set<number>();
    for (let i = 0; i < data.length; i += 4)
      seen.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0));
    return { width: canvas.width, height: canvas.height, colours: seen.size };
  });
  expect(colours).toMatchObject({ width: 960, height: 640 });
  expect(colours.colours).toBeGreaterThan(20);
  await downloadAndVerify(page);
  await person.close();
}, 120_000);

test('a refused signature, a wrong network and an empty wallet are told with their codes, and lose nothing', async () => {
  const jobs = async () => (await other.relay.jobs({ limit: 100 })).length;
  const before = await jobs();
  const person = await newPerson(browser);
  const wallet = await installWallet(person, {
    chainId: other.config.chainId,
    rpcUrl: `${stack.url}/rpc`,
    startsOn: 1,
  });
  wallet.stubborn = true;
  const page = await person.newPage();
  const form = await openOrderForm(page, stack.url, 'mandelbrot@1.0.0');
  await page.getByRole('button', { name: 'Use an example' }).click();
  await form.cost.getByText('24 units', { exact: false }).waitFor();

  await connectWallet(page, form.order, TEST_WALLET_NAME);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('this relay settles on chain 31337').waitFor();
  await dialog.getByRole('button', { name: 'Switch the network' }).click();
  await dialog.getByText('WALLET_REJECTED').waitFor();
  wallet.stubborn = false;
  await dialog.getByRole('button', { name: 'Switch the network' }).click();

  // On the right network, with nothing in it: the order cannot even be pressed.
  await form.order.getByText('Less than the job costs').waitFor();
  expect(await form.order.getByRole('button', { name: 'Sign and fund' }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');
  await other.chain.waitForTransactionReceipt({ hash: await other.relay.faucet(wallet.address as never) });
  await form.order.getByText('Less than the job costs').waitFor({ state: 'detached' });

  wallet.rejectNext();
  await form.sign();
  await page.getByText('WALLET_REJECTED').waitFor();
  expect(await jobs()).toBe(before);
  expect(await page.getByLabel('Title').inputValue()).not.toBe('');
  expect(await accessFaults(page)).toEqual([]);

  // The order is signed now, and the permit refused: the same order goes on from there.
  await form.sign();
  await page.getByText('WALLET_REJECTED').waitFor({ state: 'detached' });
  await page
    .getByRole('status')
    .filter({ hasText: /running|completed/ })
    .waitFor({ timeout: 30_000 });
  expect(await jobs()).toBe(before + 1);
  await person.close();
}, 90_000);

test('every page is usable without sight of it, in both themes and on a narrow screen', async () => {
  const { jobId } = (await other.relay.jobs({ limit: 1 }))[0] ?? (await other.post(exampleJob('matmul')));
  const paths = [
    ...['/jobs', '/jobs?status=cancelled', `/jobs/${jobId}?unit=0`, '/jobs/new?kernel=matmul-i8%401.0.0'],
    ...['/rewards', '/network', '/verdicts#CHUNK_WRONG', '/nowhere'],
  ];
  for (const look of [
    { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
    { colorScheme: 'dark', viewport: { width: 390, height: 800 } },
  ] as const) {
    // Without motion, so that nothing is judged half way between two of its states.
    const person = await newPerson(browser, { ...look, reducedMotion: 'reduce' });
    const page = await person.newPage();
    for (const path of paths) {
      await page.goto(`${stack.url}${path}`);
      await page.getByRole('main').getByRole('heading').first().waitFor();
      expect(await accessFaults(page), `${path} ${look.colorScheme}`).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, `${path} scrolls sideways at ${look.viewport.width}`).toBeLessThanOrEqual(0);
    }
    await person.close();
  }
}, 120_000);
