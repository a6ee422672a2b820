import { ReckonError } from '@reckon/protocol/base/errors';
import { expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { guest } from '../../../testing/wat.ts';
import type { UnitInput } from '../../kernel.ts';
import { customWasmKernel } from './run.ts';

const unit = (module: Uint8Array): UnitInput => ({
  params: JSON.stringify({ unit: 0, units: 1, outputRowBytes: 1, params: '{}' }),
  blobs: new Map([['module', module]]),
});
const run = (module: Uint8Array) => customWasmKernel.run(unit(module), context({}));
const WRITE = '(import "reckon" "output_write" (func $output_write (param i32 i32)))';
const initialize = (text: string, memory?: string) =>
  guest(
    '(call $output_write (i32.const 0) (i32.const 2)) i32.const 0',
    `${WRITE} (func (export "_initialize") ${text})`,
    memory,
  );

test('_initialize runs once before run, in every instance, and may ask the host', async () => {
  const counts = initialize(`
    (i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1)))
    (i32.store8 (i32.const 1) (i32.const 9)) (call $output_write (i32.const 1) (i32.const 1))`);
  for (let i = 0; i < 2; i++) expect((await run(counts)).bytes).toEqual(Uint8Array.of(3, 0, 0, 0, 9, 1, 9));
});

test('what traps in _initialize is said as what traps in run, and run is not called', async () => {
  await expect(run(initialize('unreachable'))).rejects.toMatchObject({
    code: 'GUEST_TRAPPED',
    details: { trap: 'unreachable' },
  });
  await expect(run(initialize('(call $output_write (i32.const -1) (i32.const 1))'))).rejects.toMatchObject({
    details: { trap: 'misused host function' },
  });
});

test('floats in _initialize have the one NaN', async () => {
  const nan = initialize(`
    (f32.store (i32.const 4) (f32.div (f32.load (i32.const 8)) (f32.load (i32.const 8))))
    (i32.store16 (i32.const 0) (i32.load16_u (i32.const 6)))`);
  expect((await run(nan)).bytes.slice(4)).toEqual(Uint8Array.of(0xc0, 0x7f));
});

test('a start function is refused with what to do', async () => {
  const error = await run(guest('i32.const 0', '(func $s) (start $s)')).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ReckonError);
  expect(String(error)).toContain('--exportStart _initialize. See docs/kernels.md');
});
