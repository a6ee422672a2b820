import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { unpackParts } from '@reckon/protocol/base/named-parts';
import type { Clock } from '@reckon/protocol/base/ports';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { expect, test, vi } from 'vitest';
import { hostileUnit as unit, openHostilePool as poolOf, signal, spawnHostile } from '../../testing/hostile-pool.ts';
import { mandelbrotReference } from '../kernels/mandelbrot/reference.ts';
import { readTile } from '../kernels/mandelbrot/params.ts';
import { kernelRules } from '../rules.ts';
import type { WorkerFailure } from './kernel-worker.ts';
import type { PoolUnit } from './pool.ts';
import { systemClock } from './system-clock.ts';
import { spawnNodeWorker } from './worker-node.ts';

test.each([
  ['throws', 'KERNEL_THREW', /TypeError: I cannot/],
  ['refuses', 'TENSOR_SHAPE', /"images" expected shape \[N, 1, 28, 28\], got \[3\]/],
  ['hangs', 'KERNEL_TIMEOUT', /within 200 ms/],
  ['exits', 'KERNEL_THREW', /ended with code 7/],
  ['grows-heap', 'KERNEL_MEMORY', /more than 100663296 bytes/],
  ['grows-buffers', 'KERNEL_MEMORY', /more than 100663296 bytes/],
  ['grows-wasm', 'KERNEL_MEMORY', /more than 100663296 bytes/],
  ['too-large', 'KERNEL_RESULT_TOO_LARGE', /may have 1024 bytes; this one has 1025/],
  ['lies', 'KERNEL_THREW', /what it answered is no result/],
  ['unheard-of', 'KERNEL_UNKNOWN', /onnx@1\.1\.0/],
])('a kernel that %s is refused with %s, and the next unit runs', async (id, code, message) => {
  const { pool } = poolOf();
  const limits = id === 'hangs' ? { maxMs: 200 } : {};
  const refused = pool.run(unit(id, { limits }), { signal: signal() });
  await expect(refused).rejects.toMatchObject({ name: 'ReckonError', code, message: expect.stringMatching(message) });
  const next = await pool.run(unit('echo'), { signal: signal() });
  expect(fromUtf8(next.bytes)).toBe('p  wasm');
});

test.each([
  ['throws', 'KERNEL_THREW'],
  ['hangs', 'KERNEL_TIMEOUT'],
  ['too-large', 'KERNEL_RESULT_TOO_LARGE'],
  ['echo', 'KERNEL_NO_CHUNKS'],
])('chunks of a kernel that %s are refused with %s, and the next unit runs', async (id, code) => {
  const { pool } = poolOf();
  const limits = id === 'hangs' ? { maxMs: 200 } : {};
  const refused = pool.run(unit(id, { limits, chunks: [1, 2] }), { signal: signal() });
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(id) });
  expect(fromUtf8((await pool.run(unit('echo'), { signal: signal() })).bytes)).toBe('p  wasm');
});

test('a worker is kept after good units and after coded refusals, and replaced after a crash', async () => {
  const { pool, spawned } = poolOf();
  await pool.run(unit('echo'), { signal: signal() });
  await pool.run(unit('refuses'), { signal: signal() }).catch(() => undefined);
  await pool.run(unit('echo'), { signal: signal() });
  expect(spawned()).toBe(1);
  await pool.run(unit('throws'), { signal: signal() }).catch(() => undefined);
  await pool.run(unit('echo'), { signal: signal() });
  expect(spawned()).toBe(2);
});

test('a worker that breaks while it is idle is replaced', async () => {
  let broken = () => undefined as void;
  const spawn = () => {
    const worker = spawnHostile('own');
    return {
      ...worker,
      onError: (failed: (failure: WorkerFailure) => void) => {
        broken = () => failed({ kind: 'crashed', cause: 'gone' });
      },
    };
  };
  const { pool, spawned } = poolOf({ spawn });
  await pool.run(unit('echo'), { signal: signal() });
  broken();
  expect(fromUtf8((await pool.run(unit('echo'), { signal: signal() })).bytes)).toBe('p  wasm');
  expect(spawned()).toBe(2);
});

test('a worker that cannot be spawned fails its unit only', async () => {
  const spawn = vi.fn(spawnHostile).mockImplementationOnce(() => {
    throw new Error('no threads left');
  });
  const { pool } = poolOf({ spawn });
  await expect(pool.run(unit('echo'), { signal: signal() })).rejects.toThrow('no threads left');
  expect(pool.busy).toBe(0);
  expect(fromUtf8((await pool.run(unit('echo'), { signal: signal() })).bytes)).toBe('p  wasm');
});

test('aborting ends a kernel that never looks at its signal', async () => {
  const { pool } = poolOf();
  const stop = new AbortController();
  const running = pool.run(unit('hangs'), { signal: stop.signal });
  // A waiting unit gets the place of the one that was stopped.
  const waiting = pool.run(unit('echo'), { signal: signal() });
  stop.abort(new Error('paused'));
  await expect(running).rejects.toThrow('paused');
  expect(fromUtf8((await waiting).bytes)).toBe('p  wasm');
});

test('closing rejects running and waiting units', async () => {
  const { pool } = poolOf();
  const runs = [pool.run(unit('hangs'), { signal: signal() }), pool.run(unit('echo'), { signal: signal() })];
  pool.close();
  for (const run of runs) await expect(run).rejects.toMatchObject({ name: 'AbortError' });
  await expect(pool.run(unit('echo'), { signal: signal() })).rejects.toMatchObject({ name: 'AbortError' });
});

test('inputs and results move; a view into a larger buffer is copied and stays', async () => {
  const { pool } = poolOf();
  const own = new Uint8Array(100);
  const view = new Uint8Array(100).subarray(10, 20);
  const input = {
    params: '{}',
    blobs: new Map([
      ['own', own],
      ['view', view],
    ]),
  };
  const { bytes } = await pool.run(unit('echo', { input }), { signal: signal() });
  expect(fromUtf8(bytes)).toBe('{} own=100 view=10 wasm');
  expect(own.length).toBe(0);
  expect(view.length).toBe(10);
  expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
});

test('progress reaches the caller while the unit runs', async () => {
  const { pool } = poolOf();
  const onProgress = vi.fn();
  await pool.run(unit('echo'), { signal: signal(), onProgress });
  expect(onProgress).toHaveBeenCalledWith(0.5, { kind: 'text', text: 'half' });
});

test('the first backend that the kernel has is used', async () => {
  const { pool } = poolOf();
  const { bytes } = await pool.run(unit('echo', { backends: ['webgpu', 'wasm'] }), { signal: signal() });
  expect(fromUtf8(bytes)).toBe('p  webgpu');
});

test('another digest than the kernel has is refused', async () => {
  const { pool } = poolOf();
  const digest = `0x${'11'.repeat(32)}` as PoolUnit['digest'];
  const run = pool.run(unit('echo', { digest }), { signal: signal() });
  await expect(run).rejects.toMatchObject({ code: 'KERNEL_DIGEST_MISMATCH' });
});

test('a worker rests in proportion to its duty cycle before the next unit', async () => {
  const rests: number[] = [];
  let wake = () => undefined as void;
  const clock: Clock = {
    now: () => 0,
    sleep(ms, abort) {
      if (ms === 30_000) return systemClock.sleep(ms, abort);
      rests.push(ms);
      return new Promise((resolve) => {
        wake = resolve;
      });
    },
  };
  const { pool } = poolOf({ clock });
  const { computeMs } = await pool.run(unit('echo', { dutyCycle: 0.25 }), { signal: signal() });
  expect(rests).toEqual([expect.closeTo(computeMs * 3, 6)]);
  expect(pool.busy).toBe(1);
  wake();
  await vi.waitFor(() => expect(pool.busy).toBe(0));
});

test('the product’s worker computes chunks alone, each named by its index, and tells how far it is', async () => {
  const rules = kernelRules('mandelbrot@1.0.0');
  const { pool } = poolOf({ spawn: spawnNodeWorker({ limitBytes: 2 ** 29 }), manifests: [rules.manifest] });
  const { params } = (await rules.split({ width: 40, height: 33, tile: 32 }, new Map())).units[0] ?? { params: '' };
  const onProgress = vi.fn();
  const { digest } = rules.manifest;
  const output = await pool.run(
    unit('mandelbrot', {
      digest,
      input: { params, blobs: new Map() },
      chunks: [31, 0, 7],
      limits: { maxResultBytes: 192 },
    }),
    { signal: signal(), onProgress },
  );
  const right = new Uint8Array(mandelbrotReference(readTile(params)).buffer);
  const expected = [31, 0, 7].map((row) => ({ name: `${row}`, bytes: right.slice(row * 64, row * 64 + 64) }));
  expect(unpackParts(output.bytes).map(({ name, bytes }) => ({ name, bytes: bytes.slice() }))).toEqual(expected);
  expect(output.device).toBe('TypeScript');
  expect(onProgress.mock.calls.map(([fraction]) => fraction)).toEqual([1 / 3, 2 / 3, 1]);
});

test('the product’s worker computes a real tile, on as many workers as the size allows', async () => {
  const { pool, spawned } = poolOf({
    spawn: spawnNodeWorker({ limitBytes: 2 ** 29 }),
    size: 2,
    manifests: [kernelRules('mandelbrot@1.0.0').manifest],
  });
  const rules = kernelRules('mandelbrot@1.0.0');
  const plan = await rules.split({ width: 64, height: 64, tile: 32 }, new Map());
  const { digest } = rules.manifest;
  const outputs = await Promise.all(
    plan.units.map(({ params }) =>
      pool.run(
        unit('mandelbrot', { kernel: kernelName(rules.manifest), digest, input: { params, blobs: new Map() } }),
        { signal: signal() },
      ),
    ),
  );
  outputs.forEach(({ bytes }, i) => {
    expect(bytes).toEqual(new Uint8Array(mandelbrotReference(readTile(plan.units[i]?.params as string)).buffer));
  });
  expect(spawned()).toBe(2);
});
