import { ReckonError } from '@reckon/protocol/base/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { everyFunction } from '../../../testing/guest-programs.ts';
import { guest } from '../../../testing/wat.ts';
import type { UnitInput } from '../../kernel.ts';
import { customWasmKernel } from './run.ts';

const IMPORTS = `
  (import "reckon" "params_read" (func $params_read (param i32)))
  (import "reckon" "input_size" (func $input_size (param i32) (result i32)))
  (import "reckon" "input_read" (func $input_read (param i32 i32 i32 i32)))
  (import "reckon" "output_write" (func $output_write (param i32 i32)))
  (import "reckon" "progress" (func $progress (param f64)))`;

const unit = (module: Uint8Array): UnitInput => ({
  params: JSON.stringify({ unit: 0, units: 1, dataBytes: 16, tableBytes: 8, outputRowBytes: 1, params: '{"a":1}' }),
  blobs: new Map([
    ['module', module],
    ['data', new Uint8Array(16).fill(7)],
    ['table', new Uint8Array(8).fill(9)],
  ]),
});
const run = (module: Uint8Array, changes = {}) => customWasmKernel.run(unit(module), context(changes));
const program = (text: string, more = '', memory?: string) => guest(`${text} i32.const 0`, IMPORTS + more, memory);

test.each([
  ['unreachable', 'unreachable', 'unreachable'],
  ['a load outside of the memory', '(drop (i32.load (i32.const 65533)))', 'out of bounds'],
  ['a store at the end of all memory', '(i32.store8 (i32.const -1) (i32.const 0))', 'out of bounds'],
  ['a fill outside of the memory', '(memory.fill (i32.const 65536) (i32.const 0) (i32.const 1))', 'out of bounds'],
  ['a division by zero', '(drop (i32.div_s (i32.const 1) (call $input_size (i32.const 5))))', 'division by zero'],
  ['a remainder by zero', '(drop (i64.rem_u (i64.const 1) (i64.const 0)))', 'division by zero'],
  ['a quotient that has no place', '(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))', 'number out of range'],
  ['a NaN made whole', '(drop (i32.trunc_f64_s (f64.const nan)))', 'number out of range'],
  ['a number too large made whole', '(drop (i64.trunc_f32_u (f32.const 1e30)))', 'number out of range'],
  ['params read beyond the memory', '(call $params_read (i32.const 65530))', 'misused host function'],
  [
    'an input read beyond the memory',
    '(call $input_read (i32.const 0) (i32.const -8) (i32.const 0) (i32.const 16))',
    'misused host function',
  ],
  [
    'an input read beyond its end',
    '(call $input_read (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 9))',
    'misused host function',
  ],
  [
    'an input read that wraps',
    '(call $input_read (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 2))',
    'misused host function',
  ],
  [
    'an input that is not there',
    '(call $input_read (i32.const 2) (i32.const 0) (i32.const 0) (i32.const 0))',
    'misused host function',
  ],
  [
    'a negative input',
    '(call $input_read (i32.const -1) (i32.const 0) (i32.const 0) (i32.const 0))',
    'misused host function',
  ],
  ['an output from beyond the memory', '(call $output_write (i32.const 65536) (i32.const 1))', 'misused host function'],
  ['an output of negative length', '(call $output_write (i32.const 1) (i32.const -1))', 'misused host function'],
])('%s ends the unit with its kind, and the next one runs', async (_what, text, trap) => {
  await expect(run(program(text))).rejects.toMatchObject({ code: 'GUEST_TRAPPED', details: { trap } });
  expect((await run(program(''))).bytes).toEqual(new Uint8Array(4));
});

test('calls of nothing and of another type are traps', async () => {
  const table = (size: number) =>
    `(type $t (func (param f32))) (table ${size} funcref) (elem (i32.const 0) $none) (func $none)`;
  const call = (index: number) =>
    guest(`(call_indirect (type $t) (f32.const 0) (i32.const ${index})) i32.const 0`, table(2));
  for (const index of [0, 1]) {
    await expect(run(call(index))).rejects.toMatchObject({
      code: 'GUEST_TRAPPED',
      details: { trap: 'call of no such function' },
    });
  }
  for (const index of [2, -1]) {
    await expect(run(call(index))).rejects.toMatchObject({ details: { trap: 'out of bounds' } });
  }
  const segment = guest('i32.const 0', '(table 1 funcref) (elem (i32.const 1) $f) (func $f)');
  await expect(run(segment)).rejects.toMatchObject({ code: 'GUEST_TRAPPED' });
});

test('recursion without end is a trap', async () => {
  const endless = program('(call $deeper)', '(func $deeper (call $deeper) (call $deeper))');
  await expect(run(endless)).rejects.toMatchObject({
    code: 'GUEST_TRAPPED',
    details: { trap: 'too deep recursion' },
  });
});

test('a program may end with an error number of its own', async () => {
  await expect(run(guest('i32.const -7'))).rejects.toMatchObject({ code: 'GUEST_FAILED', details: { status: -7 } });
});

test('an output beyond the limit ends the unit before it is kept', async () => {
  const write = '(loop $l (call $output_write (i32.const 0) (i32.const 65536)) (br $l))';
  await expect(run(program(write))).rejects.toMatchObject({
    code: 'KERNEL_RESULT_TOO_LARGE',
    details: { limitBytes: 16 * 1024 * 1024 },
  });
});

test('each unit begins with fresh memory and globals', async () => {
  const counts = program(
    `(global.set $g (i32.add (global.get $g) (i32.const 1)))
     (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (global.get $g)))
     (call $output_write (i32.const 0) (i32.const 4))`,
    '(global $g (mut i32) (i32.const 0))',
  );
  const first = await run(counts);
  expect([...first.bytes]).toEqual([4, 0, 0, 0, 1, 0, 0, 0]);
  expect((await run(counts)).bytes).toEqual(first.bytes);
});

test('progress told a million times is passed on in steps, rising, and never as nonsense', async () => {
  const seen: number[] = [];
  const loop = `(local $i i32) (loop $l
    (call $progress (f64.div (f64.convert_i32_u (local.get $i)) (f64.const 900000)))
    (call $progress (f64.const nan)) (call $progress (f64.const -inf)) (call $progress (f64.const 0.1))
    (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000000))))`;
  await run(program(loop), { progress: (fraction: number) => seen.push(fraction) });
  expect(seen.length).toBeLessThan(210);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
});

test('memory beyond the declared maximum cannot be had, and below it the size is told', async () => {
  const grow = program(
    `(i32.store (i32.const 0) (memory.grow (i32.const 3))) (i32.store (i32.const 4) (memory.grow (i32.const 1)))
     (call $output_write (i32.const 0) (i32.const 8))`,
  );
  const { bytes } = await run(grow);
  expect([...new Int32Array(bytes.slice(4).buffer)]).toEqual([1, -1]);
});

test('a module with bytes changed at random is refused with a code, or runs and harms nothing', async () => {
  const good = everyFunction();
  const outcomes = { refused: 0, ran: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      async (changes) => {
        const mutant = good.slice();
        for (const [at, byte] of changes) mutant[at] = byte;
        // A changed jump may loop for ever, which the pool ends, not the kernel: such bytes stay.
        fc.pre(mutant.every((byte, i) => byte === good[i] || !isLoop(good, i)));
        try {
          await run(mutant);
          outcomes.ran++;
        } catch (error) {
          expect(error).toBeInstanceOf(ReckonError);
          outcomes.refused++;
        }
      },
    ),
    { numRuns: 2000, seed: 4 },
  );
  expect(outcomes.refused).toBeGreaterThan(500);
  expect(outcomes.ran).toBeGreaterThan(5);
}, 20_000);

/** From the loop's first byte on, the mutant may change constants and jumps so that it never ends. */
const isLoop = (module: Uint8Array, at: number): boolean =>
  at >= Buffer.from(module).indexOf(Buffer.from([0x02, 0x40, 0x03, 0x40]));
