import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { Capabilities } from '../src/engine/capabilities.ts';
import type { CheckOutcome } from '../src/kernel.ts';
import { workerPolicy } from '../src/worker-policy.ts';
import { kernelsVite } from '../src/vite.ts';
import type { PageApi, PageCheck, PageOutput, PageUnit } from './page-api.ts';

/** A real tab with the page of `page.ts` in it, built as the product is. */
export interface Tab {
  run(unit: PageUnit): Promise<PageOutput>;
  check(unit: PageCheck): Promise<CheckOutcome | 'none'>;
  probe(): Promise<Capabilities>;
  countBuffers: PageApi['countBuffers'];
  compareProducts: PageApi['compareProducts'];
  gpuLosses(): Promise<string[]>;
  /** The same page from a server that sends no policies with its workers. */
  openUnsealed(): Promise<Pick<Tab, 'run'>>;
  /** Addresses of all files that the tab has fetched. */
  fetched: string[];
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
const root = fileURLToPath(new URL('.', import.meta.url));

/** A browser with WebGPU. @throws {ReckonError} BROWSER_MISSING */
export async function launchTab(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined) throw new ReckonError('BROWSER_MISSING', { tried: '/usr/bin/chromium' });
  return chromium.launch({
    executablePath,
    headless: true,
    chromiumSandbox: false,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--enable-unsafe-webgpu',
    ],
  });
}

/** @returns its origin. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** @throws {ReckonError} BROWSER_MISSING */
export async function openTab(): Promise<Tab> {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-kernels-'));
  const config = kernelsVite();
  await build({
    ...config,
    root,
    configFile: false,
    logLevel: 'error',
    build: { ...config.build, outDir: folder, emptyOutDir: true },
  });
  const serve = (policyOf: typeof workerPolicy) =>
    createServer((request, response) => {
      const path = join(folder, normalize(request.url === '/' ? '/index.html' : (request.url ?? '')));
      if (!existsSync(path)) {
        response.writeHead(404).end();
        return;
      }
      const policy = policyOf(path);
      const security = policy === undefined ? {} : { 'content-security-policy': policy };
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...security });
      createReadStream(path).pipe(response);
    });
  const servers = [serve(workerPolicy), serve(() => undefined)];
  const [origin, unsealed] = await Promise.all(servers.map(listen));
  const browser = await launchTab();
  const close = async () => {
    await browser.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await rm(folder, { recursive: true });
  };
  try {
    const page = await browser.newPage();
    const fetched: string[] = [];
    page.context().on('request', (request) => fetched.push(new URL(request.url()).pathname));
    await page.goto(`${origin}/`);
    await page.waitForFunction(() => 'kernels' in window);
    const runIn = (where: Page, unit: PageUnit) =>
      where.evaluate((sent) => (window as unknown as { kernels: PageApi }).kernels.run(sent), unit);
    return {
      fetched,
      run: (unit) => runIn(page, unit),
      async openUnsealed() {
        const bare = await browser.newPage();
        await bare.goto(`${unsealed}/`);
        await bare.waitForFunction(() => 'kernels' in window);
        return { run: (unit) => runIn(bare, unit) };
      },
      check: (unit) => page.evaluate((sent) => (window as unknown as { kernels: PageApi }).kernels.check(sent), unit),
      probe: () => page.evaluate(() => (window as unknown as { kernels: PageApi }).kernels.probe()),
      countBuffers: (unit, runs) =>
        page.evaluate(
          ([sent, times]) => (window as unknown as { kernels: PageApi }).kernels.countBuffers(sent, times),
          [unit, runs] as const,
        ),
      compareProducts: () => page.evaluate(() => (window as unknown as { kernels: PageApi }).kernels.compareProducts()),
      gpuLosses: () => page.evaluate(() => (window as unknown as { kernels: PageApi }).kernels.gpuLosses()),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
