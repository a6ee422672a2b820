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
import type { Effort, KernelBenchPage, Rounds, Row } from './page-api.ts';

/** The page of `browser/kernels` in a tab of its own browser. */
export interface BenchTab {
  browser: string;
  facts: ReturnType<KernelBenchPage['facts']>;
  measure(row: Row, effort: Effort): Promise<Rounds>;
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../../browser/kernels/', import.meta.url));
/** Isolated pages have a clock of 5 µs; others one of 100 µs. */
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

type WithBench = Window & { kernelBench: KernelBenchPage };

/** @throws {ReckonError} BROWSER_MISSING */
export async function openBenchTab(): Promise<BenchTab> {
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined) throw new ReckonError('BROWSER_MISSING', { tried: '/usr/bin/chromium' });
  const outDir = await mkdtemp(join(tmpdir(), 'reckon-bench-kernels-'));
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
      facts: await page.evaluate(() => (window as unknown as WithBench).kernelBench.facts()),
      measure: (row, effort) =>
        page.evaluate(([asked, how]) => (window as unknown as WithBench).kernelBench.measure(asked, how), [
          row,
          effort,
        ] as const),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
