import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { expect, test, vi } from 'vitest';
import { hostileUnit as unit, openHostilePool as poolOf, signal, spawnHostile } from '../../testing/hostile-pool.ts';
import type { WorkerKind } from './kernel-worker.ts';
import type { KernelPool, PoolUnit } from './pool.ts';
import { systemClock } from './system-clock.ts';

test('aborting rejects at once, whatever the kernel is doing, and leaves no worker', async () => {
  let living = 0;
  const spawn = (kind: WorkerKind) => {
    const worker = spawnHostile(kind);
    living++;
    return {
      ...worker,
      terminate() {
        living--;
        worker.terminate();
      },
    };
  };
  const { pool } = poolOf({ spawn });
  for (const id of ['hangs', 'grows-heap', 'echo']) {
    const stop = new AbortController();
    const running = pool.run(unit(id), { signal: stop.signal });
    await vi.waitFor(() => expect(living).toBe(1));
    const turns = countTurns();
    stop.abort(new Error('paused'));
    await expect(running).rejects.toThrow('paused');
    // Not a turn of the event loop passed, and so no time that depends on the machine.
    expect(turns.stop()).toBe(0);
    expect([living, pool.busy]).toEqual([0, 0]);
  }
});

/** Turns of the event loop from now on. */
function countTurns(): { stop(): number } {
  let turns = 0;
  let timer = setImmediate(function count() {
    turns++;
    timer = setImmediate(count);
  });
  return {
    stop() {
      clearImmediate(timer);
      return turns;
    },
  };
}

test('a guest that never returns holds up nobody else', async () => {
  const { pool } = poolOf({ size: 2 });
  const stop = new AbortController();
  const hanging = pool.run(unit('hangs'), { signal: stop.signal });
  for (let i = 0; i < 3; i++) {
    expect(fromUtf8((await pool.run(unit('echo'), { signal: signal() })).bytes)).toBe('p  wasm');
  }
  stop.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
});

const guest = (program: string | undefined, rows = 'rows') => {
  const digests = new Map([['rows', rows], ...(program === undefined ? [] : [['program', program] as const])]);
  const blobs = new Map(['program', 'rows'].map((name) => [name, new Uint8Array(8)]));
  return unit('guest', { input: { params: 'p', blobs, digests } });
};
const told = async (pool: KernelPool, work: PoolUnit): Promise<{ units: number; env: object; arguments: string[] }> =>
  JSON.parse(fromUtf8((await pool.run(work, { signal: signal() })).bytes));

test('a guest’s worker runs one program in its life', async () => {
  const { pool, spawned } = poolOf();
  expect(await told(pool, guest('a'))).toMatchObject({ units: 1 });
  expect(await told(pool, guest('a', 'other rows'))).toMatchObject({ units: 2 });
  expect(spawned()).toBe(1);
  expect(await told(pool, guest('b'))).toMatchObject({ units: 1 });
  // Without digests nobody knows whose program it is.
  expect(await told(pool, guest(undefined))).toMatchObject({ units: 1 });
  expect(await told(pool, guest(undefined))).toMatchObject({ units: 1 });
  expect(spawned()).toBe(4);
});

test('workers of both kinds wait side by side, and each is told which it is', async () => {
  const kinds: WorkerKind[] = [];
  const spawn = (kind: WorkerKind) => {
    kinds.push(kind);
    return spawnHostile(kind);
  };
  const { pool } = poolOf({ spawn, size: 2 });
  for (let i = 0; i < 3; i++) {
    await pool.run(unit('echo'), { signal: signal() });
    expect(await told(pool, guest('a'))).toMatchObject({ units: i + 1 });
  }
  expect(kinds).toEqual(['own', 'guest']);
});

test('a guest gets no more memory than its kernel may have', async () => {
  const { pool } = poolOf();
  const { bytes } = await pool.run(unit('greedy-guest'), { signal: signal() });
  expect(Number(fromUtf8(bytes))).toBeGreaterThan(94 * 2 ** 20);
  expect(Number(fromUtf8(bytes))).toBeLessThanOrEqual(96 * 2 ** 20);
});

test('a worker sees neither environment nor arguments of its process', async () => {
  vi.stubEnv('RECKON_PRIVATE_KEY', 'very secret');
  try {
    const { pool } = poolOf();
    expect(await told(pool, guest('a'))).toEqual({ units: 1, env: {}, arguments: [] });
  } finally {
    vi.unstubAllEnvs();
  }
});

test('a kernel that needs a GPU is refused where none may be used, but its chunks are not', async () => {
  const { pool, spawned } = poolOf();
  await expect(pool.run(unit('gpu-only'), { signal: signal() })).rejects.toMatchObject({
    code: 'DEVICE_UNSUPPORTED',
    message: expect.stringContaining('WebGPU'),
  });
  expect([spawned(), pool.busy]).toEqual([0, 0]);
  const { bytes } = await pool.run(unit('gpu-only', { backends: ['wasm', 'webgpu'] }), { signal: signal() });
  expect(fromUtf8(bytes)).toBe('webgpu');
  // This one has none; a kernel with chunks computes them without a GPU.
  const chunks = pool.run(unit('gpu-only', { chunks: [0] }), { signal: signal() });
  await expect(chunks).rejects.toMatchObject({ code: 'KERNEL_NO_CHUNKS' });
});

/** A worker whose every answer a guest that broke out has changed, in comlink's words. */
function broken(change: (answer: { output: { bytes: Uint8Array }; computeMs: number }) => void) {
  return (kind: WorkerKind) => {
    const worker = spawnHostile(kind);
    return {
      ...worker,
      onMessage: (receive: (message: unknown) => void) =>
        worker.onMessage((message) => {
          const { value } = message as { value?: { ok?: boolean } };
          if (value?.ok === true) change(value as never);
          receive(message);
        }),
    };
  };
}

test('a worker that answers more bytes than it may is not believed, and goes', async () => {
  const { pool, spawned } = poolOf({ spawn: broken(({ output }) => (output.bytes = new Uint8Array(1025))) });
  for (let i = 1; i <= 2; i++) {
    await expect(
      pool.run(unit('echo', { limits: { maxResultBytes: 1024 } }), { signal: signal() }),
    ).rejects.toMatchObject({
      code: 'KERNEL_RESULT_TOO_LARGE',
      details: { limitBytes: 1024, sizeBytes: 1025 },
    });
    expect(spawned()).toBe(i);
  }
});

test('a worker cannot have computed for longer than its host waited', async () => {
  const now = vi.fn().mockReturnValueOnce(5000).mockReturnValue(5070);
  const { pool } = poolOf({ spawn: broken((answer) => (answer.computeMs = 1e300)), clock: { ...systemClock, now } });
  expect(await pool.run(unit('echo'), { signal: signal() })).toMatchObject({ computeMs: 71 });
  // Nor less than no time, where the host's clock was set back.
  now.mockReturnValueOnce(5000).mockReturnValue(0);
  expect(await pool.run(unit('echo'), { signal: signal() })).toMatchObject({ computeMs: 1 });
});
