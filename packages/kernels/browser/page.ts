import type { Random } from '@reckon/protocol/base/ports';
import { probeCapabilities } from '../src/engine/capabilities.ts';
import { createPool } from '../src/engine/pool.ts';
import { adaptBrowserWorker, spawnBrowserWorker } from '../src/engine/worker-browser.ts';
import type { UnitInput } from '../src/kernel.ts';
import { manifests } from '../src/manifests.ts';
import { kernelRules } from '../src/rules.ts';
import { hostileManifests } from '../testing/hostile-manifests.ts';
import type { PageApi } from './page-api.ts';

/** Runs units in a tab for the browser test, each through a pool with one of these workers. */

const losing = (name: string) => () =>
  adaptBrowserWorker(new Worker(new URL('./losing-gpu-worker.ts', import.meta.url), { type: 'module', name }));
const workers = {
  product: spawnBrowserWorker,
  pair: spawnBrowserWorker,
  'losing-gpu': losing('always'),
  'losing-gpu-once-a': losing('once'),
  'losing-gpu-once-b': losing('once'),
  hostile: () => adaptBrowserWorker(new Worker(new URL('./hostile-worker.ts', import.meta.url), { type: 'module' })),
};
const spoken: string[] = [];
const pools = Object.fromEntries(
  Object.entries(workers).map(([name, spawn]) => [
    name,
    createPool({
      spawn,
      size: name === 'pair' ? 2 : 1,
      manifests: [...manifests, ...hostileManifests],
      onGpuLost: (reason) => spoken.push(`${name}: ${reason}`),
    }),
  ]),
);

const inputOf = (params: string, blobs: Record<string, string>): UnitInput => ({
  params,
  blobs: new Map(Object.entries(blobs).map(([name, base64]) => [name, Uint8Array.fromBase64(base64)])),
  // Whatever is the same for the same bytes serves as their name here.
  digests: new Map(Object.entries(blobs)),
});
const random: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  u32: () => crypto.getRandomValues(new Uint32Array(1))[0] as number,
};

const api: PageApi = {
  probe: probeCapabilities,
  async run({ worker, kernel, params, blobs, backends, maxMs, chunks }) {
    const manifest = [...manifests, ...hostileManifests].find((known) => `${known.id}@${known.version}` === kernel);
    const input = inputOf(params, blobs);
    const digest = manifest?.digest as never;
    const limits = maxMs === undefined ? {} : { maxMs };
    try {
      const output = await pools[worker]?.run(
        { kernel, digest, input, backends, dutyCycle: 1, limits, ...(chunks && { chunks }) },
        { signal: new AbortController().signal },
      );
      if (output === undefined) return { ok: false, code: 'no such worker', message: worker };
      const { bytes, device, fellBack } = output;
      return { ok: true, base64: bytes.toBase64(), device, ...(fellBack !== undefined && { fellBack }) };
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      return { ok: false, code: code ?? 'none', message };
    }
  },
  async check({ kernel, params, blobs, result }) {
    const outcome = await kernelRules(kernel).check?.(inputOf(params, blobs), Uint8Array.fromBase64(result), random);
    return outcome ?? 'none';
  },
  countBuffers: async ({ kernel, params, blobs }, runs) =>
    (await import('./gpu-buffers.ts')).countBuffers(kernel, inputOf(params, blobs), runs),
  compareProducts: async () => (await import('./gemm-plans.ts')).compareProducts(),
  gpuLosses: async () => spoken,
};
Object.assign(window, { kernels: api });
