import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelsVite } from '@reckon/kernels/vite';
import { ReckonError } from '@reckon/protocol/base/errors';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

/** A page of `bench/browser` in a tab of its own browser. */
export interface BenchPage {
  browser: string;
  /** Calls a method of what the page has put at `window.kernelBench`. */
  call<T>(method: string, ...args: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
}

/** Isolated pages have a clock of 5 µs; others one of 100 µs. */
export const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

type Methods = Record<string, (...args: readonly unknown[]) => unknown>;

/** Builds the page in that folder as the product is built, and opens it. @throws {ReckonError} BROWSER_MISSING */
export async function openBrowserPage(folder: string, headers: Record<string, string>): Promise<BenchPage> {
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined) throw new ReckonError('BROWSER_MISSING', { tried: '/usr/bin/chromium' });
  const root = fileURLToPath(new URL(`../../browser/${folder}/`, import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), `reckon-bench-${folder}-`));
  const config = { ...kernelsVite(), root, configFile: false, logLevel: 'error' } as const;
  const built = { ...config.build, outDir, emptyOutDir: true };
  await build({ ...config, build: built });
  const server = await preview({ ...config, build: built, preview: { host: '127.0.0.1', port: 0, headers } });
  const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args });
  const close = async () => {
    await browser.close();
    await server.close();
    await rm(outDir, { recursive: true });
  };
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}/`);
    await page
      .waitForFunction(() => 'kernelBench' in window)
      .catch((error: unknown) => {
        throw new Error(`the page did not start: ${errors.join('; ') || String(error)}`);
      });
    return {
      browser: `Chromium ${browser.version()}`,
      call: <T>(method: string, ...sent: readonly unknown[]) =>
        page.evaluate(
          ([name, values]) => (window as unknown as { kernelBench: Methods }).kernelBench[name]?.(...values),
          [method, sent] as const,
        ) as Promise<T>,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
