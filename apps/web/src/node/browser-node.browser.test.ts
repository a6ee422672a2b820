import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifests } from '@reckon/kernels/manifests';
import { kernelRules } from '@reckon/kernels/rules';
import { kernelsVite } from '@reckon/kernels/vite';
import type { NodeSnapshot } from '@reckon/node/snapshot';
import { launchChromium } from '@reckon/node/testing/chromium';
import { createFakeRelay, type FakeRelay } from '@reckon/node/testing/fake-relay';
import { type FakeRelayServer, serveFakeRelay } from '@reckon/node/testing/fake-relay-server';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

let folder: string;
let browser: Browser;
let context: BrowserContext;
let relay: FakeRelay;
let server: FakeRelayServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-node-page-'));
  const root = fileURLToPath(new URL('../../testing/node-page', import.meta.url));
  const { build: options, ...config } = kernelsVite();
  await build({
    ...config,
    root,
    configFile: false,
    logLevel: 'warn',
    build: { ...options, outDir: folder, emptyOutDir: true, assetsInlineLimit: 0 },
  });
  browser = await launchChromium(process.env['CHROMIUM_PATH']);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  relay = createFakeRelay(Date.now);
  server = await serveFakeRelay(relay, folder);
  context = await browser.newContext();
});

afterEach(async () => {
  await context?.close();
  await server?.close();
});

/** Opens a tab with a node in it, which is off. */
async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${server.origin}/index.html`);
  await page.waitForFunction(() => globalThis.reckonNode?.getSnapshot().nodeId !== null);
  return page;
}

const snapshot = (page: Page): Promise<NodeSnapshot> => page.evaluate(() => globalThis.reckonNode.getSnapshot());
const start = (page: Page) => page.evaluate(() => globalThis.reckonNode.start({ site: 'self', grantedAt: Date.now() }));
const until = (page: Page, state: string) =>
  page.waitForFunction((wanted) => globalThis.reckonNode.getSnapshot().state === wanted, state);

/** Tiles that take long enough to be seen computing. */
async function postTiles(width: number, tile: number): Promise<number> {
  const manifest = manifests.find(({ id }) => id === 'mandelbrot');
  if (manifest === undefined) throw new Error('there is no mandelbrot kernel');
  const name = kernelName(manifest);
  const { units } = await kernelRules(name).split({ width, height: tile, tile }, new Map());
  for (const [index, { params }] of units.entries()) {
    relay.post(index, [], { kernel: { name, digest: manifest.digest }, params });
  }
  return units.length;
}

test('nothing is requested of the relay before start, not even its configuration', async () => {
  await openTab();
  expect(server.requests.filter((path) => path.startsWith('/api') || path === '/ws')).toEqual([]);
});

test('a tab computes real units, falls back to WebSocket where WebRTC fails, and shows pictures of its work', async () => {
  const page = await openTab();
  const units = await postTiles(1024, 256);
  await start(page);
  await page.waitForFunction((count) => globalThis.reckonNode.getSnapshot().totals.waiting === count, units);
  const picture = await page.evaluate(() => globalThis.reckonNode.getSnapshot().lastPicture?.preview.kind);
  expect(picture).toBe('pixels');
  expect(relay.faults).toEqual([]);
  expect((await snapshot(page)).channel).toMatchObject({ kind: 'websocket', connected: true });
});

test('two tabs are two nodes, and a reload is the same one with what it had not delivered', async () => {
  const [first, second] = [await openTab(), await openTab()];
  const [a, b] = [(await snapshot(first)).nodeId, (await snapshot(second)).nodeId];
  expect(a).not.toBe(b);
  await second.close();

  relay.confirms = false;
  await postTiles(32, 32);
  await start(first);
  await first.waitForFunction(() => globalThis.reckonNode.getSnapshot().log.length === 1);
  relay.confirms = true;
  await first.reload();
  await first.waitForFunction(() => globalThis.reckonNode?.getSnapshot().nodeId !== null);
  expect((await snapshot(first)).nodeId).toBe(a);
  await first.evaluate(() => globalThis.reckonNode.start()); // under the consent given before the reload
  await first.waitForFunction(() => globalThis.reckonNode.getSnapshot().totals.waiting === 1);
  expect(relay.stored.size).toBe(1);
  expect(relay.faults).toEqual([]);
});

test('pause ends the kernel workers, and start goes on', async () => {
  const page = await openTab();
  const units = await postTiles(2048, 512);
  await start(page);
  await until(page, 'computing');
  await page.evaluate(() => globalThis.reckonNode.pause());
  await until(page, 'paused');
  expect(await snapshot(page)).toMatchObject({ units: [], reason: 'user' });
  await start(page);
  await page.waitForFunction((count) => globalThis.reckonNode.getSnapshot().totals.waiting === count, units);
  expect(relay.faults).toEqual([]);
});

test('forget deletes key and history: the next visit is somebody else', async () => {
  const page = await openTab();
  const { nodeId } = await snapshot(page);
  await postTiles(32, 32);
  await start(page);
  await page.waitForFunction(() => globalThis.reckonNode.getSnapshot().totals.waiting === 1);
  await page.evaluate(() => globalThis.reckonNode.forget());
  await page.reload();
  await page.waitForFunction(() => globalThis.reckonNode?.getSnapshot().nodeId !== null);
  expect((await snapshot(page)).nodeId).not.toBe(nodeId);
  expect((await snapshot(page)).log).toEqual([]);
});
