import { onTestFinished, vi } from 'vitest';
import { createPool, type KernelPool, type PoolOptions, type PoolUnit } from '../src/engine/pool.ts';
import { spawnNodeWorker } from '../src/engine/worker-node.ts';
import { hostileManifests } from './hostile-manifests.ts';

/** Workers with the kernels of `hostile-kernels.ts`. */
export const spawnHostile = spawnNodeWorker({
  limitBytes: 96 * 2 ** 20,
  entry: new URL('./hostile-worker-node.ts', import.meta.url),
});

/** A pool of them, closed when the test ends, with the number of workers it has spawned. */
export function openHostilePool(options: Partial<PoolOptions> = {}): { pool: KernelPool; spawned: () => number } {
  const spawn = vi.fn(options.spawn ?? spawnHostile);
  const pool = createPool({ size: 1, manifests: hostileManifests, ...options, spawn });
  onTestFinished(() => pool.close());
  return { pool, spawned: () => spawn.mock.calls.length };
}

export const hostileUnit = (id: string, changes: Partial<PoolUnit> = {}): PoolUnit => ({
  kernel: `${id}@1.0.0`,
  digest: `0x${'ee'.repeat(32)}` as PoolUnit['digest'],
  input: { params: 'p', blobs: new Map() },
  backends: ['wasm'],
  dutyCycle: 1,
  ...changes,
});

export const signal = (): AbortSignal => new AbortController().signal;
