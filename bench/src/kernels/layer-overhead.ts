import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelsVite } from '@reckon/kernels/vite';
import { ReckonError } from '@reckon/protocol/base/errors';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { type Interval, interval } from './statistics.ts';

/** What the tab measures. */
export interface LayerCase {
  modelBase64: string;
  /** Name and shape of the one input, float32. */
  input: string;
  dims: number[];
  output: { name: string; dtype: string; tail: number[] };
  rounds: number;
  /** Units of each candidate in a round. */
  each: number;
  /** Each candidate runs so long before anything is measured. */
  warmMs: number;
}

/** µs a unit, round by round: a worker with only a session, the pool and kernel, and the session without any message. */
export type LayerRounds = Record<'raw' | 'layer' | 'alone', number[]>;

export interface LayerOverhead {
  /** What a unit takes through the pool more than in a worker with only a session, µs, of the tiny model. */
  layerOverheadUs: Interval;
  /** The same over `session.run` alone, with no message to a worker and back. */
  overSessionUs: Interval;
  /** The same as the first for one image through the digit classifier, whose picture is painted for the volunteer. */
  imageOverheadUs: Interval;
  rawUs: Interval;
  layerUs: Interval;
  browser: string;
}

/** Isolated pages have a clock of 5 µs; others one of 100 µs. */
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};
const root = fileURLToPath(new URL('../../browser/layer/', import.meta.url));

/**
 * Units of one row through pool, worker and kernel beside the same model in a plain worker: same tab, interleaved, both with
 * their inputs moved there and their results moved back.
 * @throws {ReckonError} BROWSER_MISSING
 */
export async function measureLayerOverhead({ rounds = 61, each = 100, warmMs = 1000 } = {}): Promise<LayerOverhead> {
  const executablePath = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (executablePath === undefined) throw new ReckonError('BROWSER_MISSING', { tried: '/usr/bin/chromium' });
  const outDir = await mkdtemp(join(tmpdir(), 'reckon-layer-'));
  const config = { ...kernelsVite(), root, configFile: false, logLevel: 'error' } as const;
  const built = { ...config.build, outDir, emptyOutDir: true };
  await build({ ...config, build: built });
  const server = await preview({ ...config, build: built, preview: { host: '127.0.0.1', port: 0, headers } });
  const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'measure' in window);
    const measure = (asked: LayerCase) =>
      page.evaluate(
        (sent) => (window as unknown as { measure(c: LayerCase): Promise<LayerRounds> }).measure(sent),
        asked,
      );
    const shared = { rounds, each, warmMs };
    const tiny = await measure({ ...shared, ...TINY });
    const image = await measure({ ...shared, ...(await digitCase()) });
    return {
      layerOverheadUs: interval(difference(tiny.layer, tiny.raw)),
      overSessionUs: interval(difference(tiny.layer, tiny.alone)),
      imageOverheadUs: interval(difference(image.layer, image.raw)),
      rawUs: interval(tiny.raw),
      layerUs: interval(tiny.layer),
      browser: `Chromium ${browser.version()}`,
    };
  } finally {
    await browser.close();
    await server.close();
    await rm(outDir, { recursive: true });
  }
}

/** y = x + [1, 2, 3, 4], operator set 13: about the least that a model can be. */
const TINY = {
  modelBase64:
    'CAg6XgoOCgF4CgFiEgF5IgNBZGQSBHRpbnkqGgoBBBABIhAAAIA/AAAAQAAAQEAAAIBAQgFiWhQKAXgSDwoNCAESCQoDEgFOCgIIBGIUCgF5Eg8KDQgBEgkKAxIBTgoCCARCBAoAEA0=',
  input: 'x',
  dims: [1, 4],
  output: { name: 'y', dtype: 'float32', tail: [4] },
};

async function digitCase() {
  const model = await readFile(new URL('../../../examples/digits/digits.onnx', import.meta.url));
  return {
    modelBase64: model.toString('base64'),
    input: 'images',
    dims: [1, 1, 28, 28],
    output: { name: 'probabilities', dtype: 'float32', tail: [10] },
  };
}

const difference = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, i) => value - (b[i] as number));
