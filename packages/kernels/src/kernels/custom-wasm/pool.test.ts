import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { afterAll, expect, test } from 'vitest';
import { guest } from '../../../testing/wat.ts';
import { createPool } from '../../engine/pool.ts';
import { spawnNodeWorker } from '../../engine/worker-node.ts';
import { customWasmManifest } from './manifest.ts';

const { limits } = customWasmManifest;
const pool = createPool({ spawn: spawnNodeWorker({ limitBytes: limits.maxMemoryBytes }), size: 1 });
afterAll(() => pool.close());

const run = (text: string, options: { maxMs?: number; more?: string; memory?: string } = {}) =>
  pool.run(
    {
      kernel: kernelName(customWasmManifest),
      digest: customWasmManifest.digest,
      input: {
        params: JSON.stringify({ unit: 0, units: 1, outputRowBytes: 1, params: '{}' }),
        blobs: new Map([['module', guest(`${text} i32.const 0`, options.more, options.memory)]]),
      },
      backends: ['wasm'],
      limits: { maxMs: options.maxMs ?? limits.maxMs },
      dutyCycle: 1,
    },
    { signal: new AbortController().signal },
  );

test('a program that never ends is stopped, one that traps or recurses is not run further, and the next one runs', async () => {
  await expect(run('(loop $l (br $l))', { maxMs: 700 })).rejects.toMatchObject({
    code: 'KERNEL_TIMEOUT',
    details: { limitMs: 700 },
  });
  const deep = '(func $deeper (result i64) (i64.add (call $deeper) (call $deeper)))';
  await expect(run('(drop (call $deeper))', { more: deep })).rejects.toMatchObject({ code: 'GUEST_TRAPPED' });
  await expect(run('unreachable')).rejects.toMatchObject({ code: 'GUEST_TRAPPED', details: { trap: 'unreachable' } });
  expect((await run('nop')).bytes).toEqual(new Uint8Array(4));
});

test('a program may have all the memory it declared, as often as it runs', async () => {
  const memory = '(memory (export "memory") 1 4096)';
  const all = `(drop (memory.grow (i32.const 4095))) (i32.store8 (i32.const 0x0fffffff) (i32.const 1))`;
  for (let i = 0; i < 3; i++) expect((await run(all, { memory })).memoryBytes).toBe(256 * 2 ** 20);
});
