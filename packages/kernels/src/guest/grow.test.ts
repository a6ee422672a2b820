import { setFlagsFromString } from 'node:v8';
import { afterAll, expect, test } from 'vitest';
import { guest } from '../../testing/wat.ts';
import { admitModule } from './admit-module.ts';
import { runGuest } from './run-guest.ts';
import { createOutput } from './output-buffer.ts';

// A machine that gives no more than eight pages, whatever a module may have.
setFlagsFromString('--wasm-max-mem-pages=8');
// The flag is the process's, which may go on to other tests.
afterAll(() => setFlagsFromString('--wasm-max-mem-pages=65536'));

const run = async (text: string) => {
  const { bytes, ...facts } = admitModule(guest(text, '', '(memory (export "memory") 1 16)'));
  const input = { index: 0, count: 1, params: new Uint8Array(), inputs: [] };
  const module = await WebAssembly.compile(bytes);
  return runGuest('custom-wasm@1.0.0', { module, facts }, input, createOutput('k', 100, 0), () => undefined);
};

test('a machine without the memory that a program may have fails the unit; the program never sees it', async () => {
  expect(await run('(i32.sub (memory.grow (i32.const 7)) (i32.const 1))')).toEqual({ memoryBytes: 8 * 65_536 });
  // Within its maximum, and the machine refuses.
  await expect(run('(drop (memory.grow (i32.const 8))) i32.const 0')).rejects.toMatchObject({
    code: 'KERNEL_MEMORY',
    details: { limitBytes: 16 * 65_536 },
  });
  // Beyond its maximum every machine refuses, so the program is told.
  expect(await run('(i32.add (memory.grow (i32.const 16)) (i32.const 1))')).toEqual({ memoryBytes: 65_536 });
  expect(await run('(i32.add (memory.grow (i32.const -1)) (i32.const 1))')).toEqual({ memoryBytes: 65_536 });
});
