import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPerson, openBrowser } from './fixtures/browser.ts';
import { newRequester, type Requester, slowJob } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';

/** The site's program is no part of this workspace, as no stranger's site is. */
interface SiteModule {
  createSite(options: { embedOrigin: string; site: string }): Server;
}
/** Where apps/local registers the example site. */
const SITE_PORT = 4290;
const sitePage = `http://127.0.0.1:${SITE_PORT}/`;

let stack: Stack;
let browser: Browser;
let site: Server;
let requester: Requester;
let embedOrigin: string;
beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ sample: false }), openBrowser()]);
  requester = await newRequester(stack.url);
  embedOrigin = requester.config.embedOrigin;
  const { createSite } = (await import(new URL('../examples/site/serve.ts', import.meta.url).href)) as SiteModule;
  site = createSite({ embedOrigin, site: 'example' });
  await new Promise<void>((resolve, reject) => {
    site.once('error', reject);
    site.listen(SITE_PORT, '127.0.0.1', resolve);
  });
  expect((site.address() as AddressInfo).port).toBe(SITE_PORT);
});
afterAll(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
  await stack?.stop();
});

type NetEvent = { type: string; detail: Record<string, unknown> };
type Told = typeof globalThis & { netEvents: NetEvent[] };
/** A visitor of the stranger's page; everything the browser asked of us, and everything the tag told the page. */
async function visit() {
  const person = await newPerson(browser, { viewport: { width: 1000, height: 600 } });
  const asked: string[] = [];
  person.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== new URL(sitePage).origin)
      asked.push(`${url.origin === embedOrigin ? '' : url.origin}${url.pathname}`);
  });
  const page = await person.newPage();
  page.on('websocket', (socket) => asked.push(new URL(socket.url()).pathname));
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.addInitScript(() => {
    const seen: NetEvent[] = [];
    Object.assign(globalThis, { netEvents: seen });
    for (const name of ['ready', 'consent', 'state', 'progress', 'error', 'unsupported'])
      addEventListener(`net-${name}`, (event) => seen.push({ type: name, detail: (event as CustomEvent).detail }));
  });
  await page.goto(sitePage);
  await page.waitForLoadState('networkidle');
  return { page, asked, complaints, close: () => person.close() };
}
const told = (page: Page, type: string, detail: Record<string, unknown> = {}) =>
  page.waitForFunction(
    ([name, wanted]) =>
      (globalThis as Told).netEvents.some(
        (event) => event.type === name && Object.entries(wanted).every(([key, value]) => event.detail[key] === value),
      ),
    [type, detail] as const,
  );
const lastState = (page: Page) =>
  page.evaluate(() => (globalThis as Told).netEvents.filter(({ type }) => type === 'state').at(-1)?.detail);
const widgetsOnline = async () =>
  (await requester.relay.network()).nodes
    .filter(({ kind }) => kind === 'widget')
    .reduce((sum, { online }) => sum + online, 0);

/** Clicks the facade where its button is: the shadow root is closed. */
async function openFrame(page: Page): Promise<Frame> {
  const box = await page.locator('reckon-node').boundingBox();
  const attached = page.waitForEvent('frameattached');
  await page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 74);
  return attached;
}

test('on a stranger’s page nothing is asked of us before the click, and nothing computes before a person agrees', async () => {
  await requester.post(slowJob(24));
  const { page, asked, complaints, close } = await visit();
  expect(asked).toEqual(['/loader.js']);
  expect(page.frames()).toHaveLength(1);

  const frame = await openFrame(page);
  const agree = frame.getByRole('button', { name: 'Agree and start' });
  await agree.waitFor();
  await expect.poll(() => agree.isEnabled(), { timeout: 5_000 }).toBe(true);
  // The question is on screen: only files of the frame itself were fetched, and no relay knows of this visitor.
  expect(asked.filter((path) => /^\/(api|ws|peer|rpc)\b/.test(path))).toEqual([]);
  expect(page.workers()).toEqual([]);
  expect(await widgetsOnline()).toBe(0);

  await agree.click();
  await told(page, 'consent', { granted: true });
  await told(page, 'progress', { workUnits: 1 });
  expect(await widgetsOnline()).toBe(1);

  await page.evaluate(() => {
    document.body.style.paddingBottom = '3000px';
    scrollTo(0, 2500);
  });
  await told(page, 'state', { state: 'paused', reason: 'off-screen' });
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(async () => (await lastState(page))?.['state']).toMatch(/computing|waiting/);

  await frame.getByRole('button', { name: 'Stop' }).click();
  await told(page, 'consent', { granted: false });
  await expect.poll(() => page.frames().length).toBe(1);
  await expect.poll(() => page.workers().length).toBe(0);
  await expect.poll(widgetsOnline, { timeout: 20_000 }).toBe(0);
  expect(complaints).toEqual([]);
  await close();
}, 60_000);

test('saying no leaves the page as it was, and asks nothing of any relay', async () => {
  const { page, asked, close } = await visit();
  const frame = await openFrame(page);
  await frame.locator('button.primary:enabled').waitFor(); // the frame has grown; nothing moves under the pointer
  await frame.getByRole('button', { name: 'No, thanks' }).click();
  await told(page, 'consent', { granted: false });
  await expect.poll(() => page.frames().length).toBe(1);
  expect(asked.filter((path) => /^\/(api|ws|peer|rpc)\b/.test(path))).toEqual([]);
  await close();
});
