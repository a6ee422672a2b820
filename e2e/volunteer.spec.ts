import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessFaults } from './fixtures/axe.ts';
import { newPerson, openBrowser } from './fixtures/browser.ts';
import { channelTraffic, madeBy, spyOn } from './fixtures/page-spy.ts';
import { newRequester, slowJob } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';
import { kernelWorkers, openVolunteer } from './fixtures/volunteer.ts';

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ sample: false }), openBrowser()]);
  const requester = await newRequester(stack.url);
  await requester.post(slowJob(32));
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
  await page.getByText(/^(Computing|Fetching its inputs) unit/).waitFor();
  await volunteer.finish();
  await expect.poll(() => volunteer.status.innerText(), { timeout: 20_000 }).toMatch(/^Paused · finished what it held/);
  expect(kernelWorkers(page)).toBe(0);
  expect(volunteer.complaints).toEqual([]);
  await person.close();
});
