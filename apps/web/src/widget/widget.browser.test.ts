import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifests } from '@reckon/kernels/manifests';
import { kernelRules } from '@reckon/kernels/rules';
import { launchChromium } from '@reckon/node/testing/chromium';
import { createFakeRelay, type FakeRelay } from '@reckon/node/testing/fake-relay';
import { type FakeRelayServer, serveFakeRelay } from '@reckon/node/testing/fake-relay-server';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { Browser, Frame, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

/** The site's program is no part of this workspace, as no stranger's site is. */
interface SiteModule {
  createSite(options: { embedOrigin: string; site: string }): Server;
}

let folder: string;
let browser: Browser;
let relay: FakeRelay;
let embed: FakeRelayServer;
let site: Server;
let siteOrigin: string;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-embed-'));
  const configFile = fileURLToPath(new URL('../../vite.embed.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'warn', build: { outDir: folder } });
  browser = await launchChromium(process.env['CHROMIUM_PATH']);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  relay = createFakeRelay(Date.now);
  embed = await serveFakeRelay(relay, folder);
  const address = new URL('../../../../examples/site/serve.ts', import.meta.url).href;
  const { createSite } = (await import(address)) as SiteModule;
  site = createSite({ embedOrigin: embed.origin, site: 'example' });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  siteOrigin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  page = await browser.newPage();
  problems.length = 0;
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.addInitScript(() => {
    const seen: { type: string; detail: unknown }[] = [];
    Object.assign(globalThis, { netEvents: seen });
    for (const name of ['ready', 'consent', 'state', 'progress', 'error', 'unsupported']) {
      addEventListener(`net-${name}`, (event) =>
        seen.push({ type: event.type, detail: (event as CustomEvent).detail }),
      );
    }
  });
});

afterEach(async () => {
  await page?.close();
  await embed?.close();
  site?.closeAllConnections();
  site?.close();
});

const events = (name: string) =>
  page.evaluate(
    (type) =>
      (globalThis as unknown as { netEvents: { type: string; detail: unknown }[] }).netEvents.filter(
        (event) => event.type === type,
      ),
    `net-${name}`,
  );
const untilEvent = (name: string, detail: Record<string, unknown>) =>
  page.waitForFunction(
    ([type, wanted]) =>
      (globalThis as unknown as { netEvents: { type: string; detail: Record<string, unknown> }[] }).netEvents.some(
        (event) => event.type === type && Object.entries(wanted).every(([key, value]) => event.detail[key] === value),
      ),
    [`net-${name}`, detail] as const,
  );

/** The widget's frame: inside a closed shadow root, where selectors do not reach. */
async function frameOf(act: () => Promise<unknown>): Promise<Frame> {
  const attached = page.waitForEvent('frameattached');
  await act();
  return attached;
}

/** Clicks the facade where its button is. */
async function open(): Promise<Frame> {
  await page.goto(siteOrigin);
  await untilEvent('ready', {});
  const box = await page.locator('reckon-node').boundingBox();
  expect(box).toMatchObject({ width: 320, height: 96 });
  return frameOf(() => page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 74));
}

function postPicture(): number {
  const manifest = manifests.find(({ id }) => id === 'mandelbrot');
  if (manifest === undefined) throw new Error('there is no mandelbrot kernel');
  const name = kernelName(manifest);
  const plan = kernelRules(name).split({ width: 96, height: 32, tile: 32 }, new Map()) as {
    units: { params: string }[];
  };
  for (const [index, { params }] of plan.units.entries()) {
    relay.post(index, [], { kernel: { name, digest: manifest.digest }, params });
  }
  return plan.units.length;
}

test('nothing but the loader is asked of us before a click, under the strictest policy', async () => {
  await page.goto(siteOrigin);
  await untilEvent('ready', {});
  await page.waitForLoadState('networkidle');
  expect(embed.requests).toEqual(['/loader.js']);
  expect(page.frames()).toHaveLength(1);
  expect(problems).toEqual([]);
});

test("a script's click opens the question at most; without a person's yes no relay is contacted", async () => {
  await page.goto(siteOrigin);
  await untilEvent('ready', {});
  const frame = await frameOf(() => page.evaluate(() => document.querySelector('reckon-node')?.open()));
  await frame.getByRole('button', { name: 'Agree and start' }).waitFor();
  expect(embed.requests.filter((path) => path === '/ws' || path.startsWith('/api'))).toEqual([]);
});

test('no is the default, and closes the frame', async () => {
  const frame = await open();
  const no = frame.getByRole('button', { name: 'No, thanks' });
  await no.waitFor();
  expect(await no.evaluate((button) => document.activeElement === button)).toBe(true);
  await frame.locator('button.primary:enabled').waitFor(); // the frame has grown, nothing moves any more
  await no.click();
  await untilEvent('consent', { granted: false });
  expect(page.frames()).toHaveLength(1);
  expect(relay.connections).toBe(0);
});

test('yes computes, tells the page what it may know, pauses off screen, and stop deletes everything', async () => {
  const units = postPicture();
  const frame = await open();
  const agree = frame.getByRole('button', { name: 'Agree and start' });
  await agree.waitFor();
  await agree.click(); // waits until a second in plain sight has enabled it
  await untilEvent('consent', { granted: true });
  await frame.getByText('Waiting').waitFor();
  expect(relay.stored.size).toBe(units);
  expect(relay.faults).toEqual([]);
  expect(relay.received.find(({ type }) => type === 'hello')).toMatchObject({
    kind: 'widget',
    consent: { site: 'example' },
  });

  await page.evaluate(() => {
    document.body.style.paddingTop = '300vh';
  });
  await untilEvent('state', { state: 'paused', reason: 'off-screen' });
  await page.evaluate(() => {
    document.body.style.paddingTop = '0';
  });
  await untilEvent('state', { state: 'waiting' });

  await frame.getByRole('button', { name: 'Stop' }).click();
  await page.waitForFunction(() => document.querySelector('reckon-node')?.state === 'off');
  expect(page.frames()).toHaveLength(1);
  expect((await events('error')).length).toBe(0);
  expect(problems).toEqual([]);
});
