import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenBalance } from '@reckon/client/chain/claim';
import { accessFaults } from './fixtures/axe.ts';
import { newPerson, openBrowser } from './fixtures/browser.ts';
import { channelTraffic, madeBy, spyOn } from './fixtures/page-spy.ts';
import { newRequester, type Requester, slowJob } from './fixtures/requester.ts';
import { connectWallet } from './fixtures/order.ts';
import { installWallet, TEST_WALLET_NAME } from './fixtures/wallet.ts';
import { type Stack, startStack } from './fixtures/stack.ts';
import { kernelWorkers, openVolunteer } from './fixtures/volunteer.ts';

let stack: Stack;
let browser: Browser;
let requester: Requester;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ sample: false }), openBrowser()]);
  requester = await newRequester(stack.url);
  await requester.post(slowJob(64));
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** What the page may ask for before anybody agreed to anything: its own files, and what it shows. */
const readOnly = [/^\/api\/(config|network|events|epochs|jobs)\b/];

test('before Start the page reads and shows, and connects, computes and downloads nothing', async () => {
  const person = await newPerson(browser);
  await spyOn(person);
  const asked: { method: string; url: URL }[] = [];
  person.on('request', (request) => asked.push({ method: request.method(), url: new URL(request.url()) }));
  const { page, complaints } = await openVolunteer(person, stack.url);
  await page.getByRole('region', { name: 'The network now' }).first().waitFor();
  await page.getByText('Kernels', { exact: false }).first().waitFor();
  expect(await madeBy(page)).toEqual({ peers: 0, workers: 0 });
  const origins = new Set(asked.filter(({ url }) => url.protocol.startsWith('http')).map(({ url }) => url.origin));
  expect([...origins]).toEqual([stack.url]);
  expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
  const calls = asked.map(({ url }) => url.pathname).filter((path) => /^\/(api|ws|peer|rpc)\b/.test(path));
  expect(calls.filter((path) => !readOnly.some((allowed) => allowed.test(path)))).toEqual([]);
  expect(asked.filter(({ url }) => /ort|onnx|\.wasm|worker/.test(url.pathname)).map(({ url }) => url.pathname)).toEqual(
    [],
  );
  expect(await accessFaults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await person.close();
});

test('one click on Start computes, with the house node as second voice, and says what for whom on which device', async () => {
  const person = await newPerson(browser);
  await spyOn(person);
  const volunteer = await openVolunteer(person, stack.url);
  const { page } = volunteer;
  await volunteer.start();
  await volunteer.bench.getByRole('heading', { name: 'Slow tiles' }).waitFor();
  const facts = await volunteer.bench.locator('dl').innerText();
  expect(facts).toMatch(/For\s+Reckon example/);
  expect(facts).toMatch(/Runs on\s+WASM SIMD/);
  expect(facts).toMatch(/Kernel\s+mandelbrot@1\.0\.0\s+0x/);
  expect(facts).toMatch(/Travels by\s+WebRTC data channel/);
  await volunteer.firstAccepted();
  expect(kernelWorkers(page)).toBeGreaterThan(0);
  expect(await volunteer.status.innerText()).toMatch(/^(Computing|Waiting)/);
  expect(await page.title()).toMatch(/^(Computing|Waiting) · .* · Reckon$/);
  expect((await channelTraffic(page)).channels).toBe(1);
  expect(await accessFaults(page)).toEqual([]);

  await volunteer.pause();
  await page.getByText('Nothing is computed now.').waitFor();
  await expect.poll(() => kernelWorkers(page)).toBe(0);
  expect(await page.title()).toMatch(/^Paused/);
  expect(await volunteer.status.innerText()).toMatch(/^Paused · Press Start to go on\.$/);

  await volunteer.start();
  await page.getByText(/^(Computing|Fetching the inputs of) unit/).waitFor();
  await volunteer.finish();
  await expect.poll(() => volunteer.status.innerText(), { timeout: 20_000 }).toMatch(/^Paused · finished what it held/);
  expect(kernelWorkers(page)).toBe(0);
  expect(volunteer.complaints).toEqual([]);
  await person.close();
});

test('one signature links a wallet; when the epoch is final a press on Claim puts the reward into it', async () => {
  const person = await newPerson(browser);
  const { chainId } = requester.config;
  const wallet = await installWallet(person, { chainId, rpcUrl: `${stack.url}/rpc` });
  const balance = () => tokenBalance(requester.chain, requester.config, wallet.address as never);
  await requester.chain.waitForTransactionReceipt({ hash: await requester.relay.faucet(wallet.address as never) }); // gas
  const before = await balance();
  const volunteer = await openVolunteer(person, stack.url);
  const { page } = volunteer;
  await volunteer.start();
  const earnings = page.getByRole('region', { name: 'What this tab has done' });
  await connectWallet(page, earnings, TEST_WALLET_NAME);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign the link' }).click();
  await earnings.getByText(`Pays to`).waitFor();
  expect(wallet.asked.filter((method) => method === 'eth_signTypedData_v4')).toHaveLength(1);
  await volunteer.firstAccepted();
  await volunteer.finish();
  await expect.poll(() => volunteer.status.innerText(), { timeout: 20_000 }).toMatch(/^Paused/);

  await page.getByRole('navigation').getByRole('link', { name: 'Rewards' }).click();
  const claim = page.getByRole('button', { name: 'Claim', exact: true });
  await expect.poll(() => claim.isEnabled(), { timeout: 40_000 }).toBe(true);
  const { claim: due } = await requester.relay.account(wallet.address as never);
  expect(await accessFaults(page)).toEqual([]);
  await claim.click();
  await page.getByText('is in the wallet').waitFor();
  const paid = (await balance()) - before;
  expect(paid).toBeGreaterThan(0n);
  expect(paid).toBeGreaterThanOrEqual(due?.cumulative ?? 1n);
  expect(volunteer.complaints).toEqual([]);
  await person.close();
}, 120_000);
