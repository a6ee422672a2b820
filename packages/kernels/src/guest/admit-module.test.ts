import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawModule } from '../../testing/raw-module.ts';
import { guest, wat } from '../../testing/wat.ts';
import { admitModule } from './admit-module.ts';

const run = '(func (export "run") (result i32) i32.const 0)';
const memory = '(memory (export "memory") 1 4)';
const module = (fields: string): Uint8Array => wat(`(module ${fields})`);

test('all functions of the ABI may be imported, and an ordinary program is admitted', () => {
  const bytes = module(`
    (import "reckon" "unit_index" (func (result i32))) (import "reckon" "unit_count" (func (result i32)))
    (import "reckon" "params_size" (func (result i32))) (import "reckon" "params_read" (func (param i32)))
    (import "reckon" "input_size" (func (param i32) (result i32)))
    (import "reckon" "input_read" (func (param i32 i32 i32 i32)))
    (import "reckon" "output_write" (func (param i32 i32))) (import "reckon" "progress" (func (param f64)))
    (table 2 funcref) (elem (i32.const 0) func 8 9) (data (i32.const 65535) "x") (data "passive")
    (global $g (mut i64) (i64.const -1)) ${memory}
    (func $f (param i32) (result i32) (loop $l (br_if $l (i32.eqz (local.get 0)))) (local.get 0))
    ${run} (export "__indirect_function_table" (table 0))`);
  const { bytes: written, memory: size } = admitModule(bytes);
  expect(size).toEqual({ least: 1, most: 4 });
  // Only what the host needs is exported, and names are gone.
  const compiled = new WebAssembly.Module(written);
  expect(WebAssembly.Module.exports(compiled).map(({ name }) => name)).toEqual(['memory', 'run', 'reckon:grow-failed']);
  expect(WebAssembly.Module.imports(compiled)).toHaveLength(8);
});

const refusals: [string, () => Uint8Array, string | RegExp, RegExp?][] = [
  ['nothing', () => new Uint8Array(), 'the module'],
  ['text', () => Uint8Array.from(Buffer.from('(module)')), 'the module', /0x28/],
  ['another version', () => Uint8Array.from([0, 97, 115, 109, 2, 0, 0, 0]), 'the module'],
  ['too many bytes', () => new Uint8Array(2 * 1024 * 1024 + 1), 'the module', /2097153 bytes/],
  [
    'an import from elsewhere',
    () => module(`(import "env" "abort" (func)) ${memory} ${run}`),
    'import env.abort',
    /AssemblyScript: add --use abort= /,
  ],
  [
    'random numbers',
    () => module(`(import "env" "seed" (func (result f64))) ${memory} ${run}`),
    'import env.seed',
    /no random numbers here/,
  ],
  [
    'an import of no such name',
    () => module(`(import "reckon" "now" (func (result i64))) ${memory} ${run}`),
    'import reckon.now',
  ],
  [
    'an import of the prototype',
    () => module(`(import "reckon" "constructor" (func)) ${memory} ${run}`),
    'import reckon.constructor',
  ],
  [
    'an import of another type',
    () => module(`(import "reckon" "progress" (func (param f32))) ${memory} ${run}`),
    'import reckon.progress',
    /\(f32\) -> \(\)/,
  ],
  [
    'a global under a function’s name',
    () => module(`(import "reckon" "progress" (global i32)) ${memory} ${run}`),
    'import reckon.progress',
    /a global/,
  ],
  ['an imported memory', () => module(`(import "reckon" "memory" (memory 1 2)) ${run}`), 'import reckon.memory'],
  ['no memory', () => module(run), 'memories'],
  ['two memories', () => module(`${memory} (memory 1 2) ${run}`), 'memories', /2/],
  ['a memory that is not exported', () => module(`(memory 1 2) ${run}`), 'exports', /"run"/],
  ['a memory without a maximum', () => module(`(memory (export "memory") 1) ${run}`), "the memory's maximum", /none/],
  [
    'a memory that may be too large',
    () => module(`(memory (export "memory") 1 4097) ${run}`),
    "the memory's maximum",
    /4097 pages/,
  ],
  ['a memory below its own least', () => module(`(memory (export "memory") 5 4) ${run}`), "the memory's size"],
  ['a shared memory', () => module(`(memory (export "memory") 1 2 shared) ${run}`), 'the memory', /shared/],
  ['a memory of 64 bits', () => module(`(memory (export "memory") i64 1 2) ${run}`), 'the memory', /memory64/],
  ['no run', () => module(memory), 'exports', /"memory"/],
  ['a run of another type', () => module(`${memory} (func (export "run"))`), 'export "run"', /\(\) -> \(\)/],
  [
    'a run that is a global',
    () => module(`${memory} (global (export "run") i32 (i32.const 0))`),
    'export "run"',
    /a global/,
  ],
  [
    'an _initialize of another type',
    () => module(`${memory} (func (export "_initialize") (param i32)) ${run}`),
    'export "_initialize"',
    /\(i32\) -> \(\)/,
  ],
  [
    'an _initialize that is a memory',
    () => module(`${memory} (export "_initialize" (memory 0)) ${run}`),
    'export "_initialize"',
    /a memory/,
  ],
  ['a command', () => module(`${memory} (func (export "_start")) ${run}`), 'export "_start"', /reactor/],
  ['no exports at all', () => module('(memory 1 2)'), 'exports', /none/],
  [
    'a start function',
    () => module(`${memory} (func $s) (start $s) ${run}`),
    'the start function',
    /--exportStart _initialize/,
  ],
  ['two tables', () => module(`${memory} (table 1 funcref) (table 1 funcref) ${run}`), 'tables'],
  ['a table of objects', () => module(`${memory} (table 1 externref) ${run}`), 'the table'],
  ['a huge table', () => module(`${memory} (table 100001 funcref) ${run}`), "the table's size"],
  ['a global of objects', () => module(`${memory} (global externref (ref.null extern)) ${run}`), 'global 0'],
  [
    'a computed global',
    () => module(`${memory} (global i32 (i32.add (i32.const 1) (i32.const 2))) ${run}`),
    'global 0: first value',
  ],
  ['too many globals', () => module(`${memory} ${'(global i32 (i32.const 0))'.repeat(2001)} ${run}`), 'globals'],
  [
    'a place that depends on a global',
    () => module(`${memory} (global i32 (i32.const 0)) (data (global.get 0) "x") ${run}`),
    'data segment 0: place',
  ],
  [
    'data outside of the memory',
    () => module(`${memory} (data (i32.const 65536) "x") ${run}`),
    'data segment 0',
    /65537/,
  ],
  ['data before the memory', () => module(`${memory} (data (i32.const -1) "x") ${run}`), 'data segment 0'],
  [
    'elements that are expressions',
    () => module(`${memory} (table 1 funcref) (elem (i32.const 0) funcref (ref.null func)) ${run}`),
    'element segment 0',
  ],
  ['a tag', () => module(`${memory} (tag) ${run}`), 'sections', /13/],
  ['too many functions', () => module(`${memory} ${'(func)'.repeat(10_000)} ${run}`), 'functions', /10001/],
  ['too many types', () => Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 2, 0xe9, 0x07]), 'types'],
  ['too many parameters', () => module(`${memory} (func ${'(param i32)'.repeat(65)}) ${run}`), 'type 0: parameters'],
  ['a parameter that is an object', () => module(`${memory} (func (param externref)) ${run}`), 'type 0: parameters'],
  [
    'too many local variables',
    () => guest(`(local ${'i32 '.repeat(4001)}) i32.const 0`),
    'function 0: local variables',
  ],
  ['a local that is an object', () => guest('(local funcref) i32.const 0'), 'function 0: a local variable'],
  [
    'too many nested blocks',
    () =>
      rawModule(
        [],
        [],
        [...Array.from({ length: 2000 }, (_, i) => (i % 2 ? 0x40 : 0x02)), ...Array.from({ length: 1000 }, () => 0x0b)],
      ),
    'function 1: nested blocks',
  ],
  ['too long a body', () => guest(`${'nop '.repeat(262_145)} i32.const 0`), 'function 0: bytes of its body'],
  [
    'too large a br_table',
    () => guest(`(br_table ${'0 '.repeat(10_002)} (i32.const 0) (i32.const 0))`),
    'function 0: targets of a br_table',
  ],
  [
    'relaxed SIMD',
    () => guest('(drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0))) i32.const 0'),
    'function 0',
    /relaxed SIMD/,
  ],
  ['an atomic instruction', () => guest('(drop (i32.atomic.load (i32.const 0))) i32.const 0'), 'function 0', /threads/],
  ['an exception', () => guest('try nop catch_all end i32.const 0'), 'function 0', /exception/],
  ['a tail call', () => guest('return_call 0'), 'function 0', /tail call/],
  ['a reference', () => guest('(drop (ref.null func)) i32.const 0'), 'function 0', /reference types/],
  [
    'a growing table',
    () => module(`${memory} (table 1 funcref) (func (drop (table.grow (ref.null func) (i32.const 1)))) ${run}`),
    'function 0',
  ],
  ['a wrong type on the stack', () => guest('f32.const 0'), 'the module', /refuses/],
  ['an unknown local', () => guest('local.get 7'), 'the module', /refuses/],
];

test.each(refusals)('%s is refused by name', (_title, make, what, received = /./) => {
  const error = (() => {
    try {
      admitModule(make());
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toMatchObject({
    code: 'GUEST_MODULE_INVALID',
    details: { what, expected: expect.any(String), received: expect.any(String) },
    message: expect.stringMatching(received),
  });
});

test('bytes that mean one thing here and another to an engine are refused', () => {
  const good = guest('(drop (i32.load (i32.const 0))) i32.const 0');
  const load = Buffer.from(good).indexOf(Buffer.from([0x28, 0x02, 0x00]));
  const patched = (at: number, ...bytes: number[]) => {
    const copy = good.slice();
    copy.set(bytes, at);
    return copy;
  };
  // Alignment with bit 6: the number of another memory follows.
  expect(() => admitModule(patched(load + 1, 0x42))).toThrow(/alignment/);
  // A number that goes on for ever, and one of 33 bits.
  expect(() => admitModule(patched(9, 0x80, 0x80, 0x80, 0x80, 0x80))).toThrow(/well-formed|all of its bytes/);
  expect(() => admitModule(patched(9, 0xff, 0xff, 0xff, 0xff, 0x1f))).toThrow(/well-formed/);
  // The same section twice, or out of order.
  const custom = [0, 3, 2, 0x61, 0x62];
  expect(() => admitModule(Uint8Array.from([...good, ...good.subarray(8)]))).toThrow(/at most once and in order/);
  expect(admitModule(Uint8Array.from([...good, ...custom])).memory.least).toBe(1);
  expect(() => admitModule(Uint8Array.from([...good, 0, 2, 2, 0x61]))).toThrow(/all of its bytes/);
  for (let length = 0; length < good.length; length++) {
    expect(() => admitModule(good.subarray(0, length))).toThrow(
      expect.objectContaining({ code: 'GUEST_MODULE_INVALID' }),
    );
  }
});

test('memory grows to its maximum and not beyond, by the same numbers', () => {
  const grow = (pages: number) => `(i32.store (i32.const ${pages * 4}) (memory.grow (i32.const ${pages})))`;
  const { bytes } = admitModule(
    guest(`${grow(0)} ${grow(2)} ${grow(3)} ${grow(1)} (drop (memory.grow (i32.const -1))) i32.const 0`),
  );
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  expect((exports['run'] as () => number)()).toBe(0);
  const answers = new Int32Array((exports['memory'] as WebAssembly.Memory).buffer, 0, 4);
  expect([...answers]).toEqual([1, 3, 1, -1]);
  expect((exports['reckon:grow-failed'] as WebAssembly.Global).value).toBe(0);
});

test('the numbers of a program stay what they were', () => {
  const bytes = module(`(import "reckon" "unit_index" (func $index (result i32))) ${memory}
    (type $t (func (param i32) (result i32))) (table 1 funcref) (elem (i32.const 0) $twice) (global $g (mut i32) (i32.const 5))
    (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
    (func (export "run") (result i32) (local f32 f64)
      (local.set 0 (f32.sqrt (f32.const 16))) (local.set 1 (f64.sqrt (f64.const 25)))
      (drop (memory.grow (i32.const 1)))
      (global.set $g (i32.add (global.get $g) (i32.trunc_f64_s (f64.add (f64.promote_f32 (local.get 0)) (local.get 1)))))
      (call_indirect (type $t) (i32.add (call $index) (global.get $g)) (i32.const 0)))`);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(admitModule(bytes).bytes), {
    reckon: { unit_index: () => 100 },
  });
  expect((exports['run'] as () => number)()).toBe(2 * (100 + 5 + 9));
});

test('a program of 2 MiB of float instructions is admitted, and too many of them are not', () => {
  const repeated = (code: readonly number[], count: number) =>
    Uint8Array.from({ length: code.length * count }, (_, i) => code[i % code.length] as number);
  const f32 = [0x7d];
  // local.get 0, local.get 0, f32.add, local.set 0
  const sums = rawModule(f32, [], [0x1a, ...repeated([0x20, 0, 0x20, 0, 0x92, 0x21, 0], 20_000)], 13);
  expect(sums.length).toBeGreaterThan(1_900_000);
  expect(admitModule(sums).nanSites).toBe(280_000);
  // local.get 0, f32x4.sqrt, local.set 0
  const v128 = [0x7b];
  const roots = rawModule(v128, [], [0x1a, ...repeated([0x20, 0, 0xfd, 0xe3, 1, 0x21, 0], 24_000)], 11);
  expect(() => admitModule(roots)).toThrow(/bytes of code, with what is added/);
});

test('whatever bytes change, a module that is admitted is written as one that engines take', () => {
  const float =
    '(f32.store (i32.const 0) (f32.add (f32.load (i32.const 0)) (f32.mul (f32.load (i32.const 4)) (f32.const 2))))';
  const lanes =
    '(v128.store (i32.const 16) (f64x2.sqrt (f32x4.add (v128.load (i32.const 0)) (v128.load (i32.const 16)))))';
  const more =
    '(table 1 funcref) (elem (i32.const 0) $f) (data (i32.const 8) "abc") (global i64 (i64.const 5)) (func $f (param f64))';
  const good = guest(
    `(local i32 f64) (drop (memory.grow (i32.const 1))) (if (i32.const 1) (then ${float})) ${lanes} i32.const 0`,
    more,
  );
  const outcomes = { refused: 0, admitted: 0 };
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 2 }), (changes) => {
      const mutant = good.slice();
      for (const [at, byte] of changes) mutant[at] = byte;
      try {
        expect(WebAssembly.validate(admitModule(mutant).bytes)).toBe(true);
        outcomes.admitted++;
      } catch (error) {
        expect(error).toMatchObject({ code: 'GUEST_MODULE_INVALID' });
        outcomes.refused++;
      }
    }),
    { numRuns: 5000 },
  );
  expect(outcomes.admitted).toBeGreaterThan(300);
  expect(outcomes.refused).toBeGreaterThan(300);
});
