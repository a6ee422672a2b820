import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Expression,
  expressions,
  made,
  memories,
  type Shape,
  sizeOf,
  SLOTS,
  storeOf,
} from '../../testing/float-model.ts';
import { guest } from '../../testing/wat.ts';
import { admitModule } from './admit-module.ts';

const OUT = 16 * SLOTS;

const moduleOf = (shape: Shape, { text }: Expression): Uint8Array =>
  guest(
    `(local $f32 f32) (local $f64 f64) (local $v128 v128) (${storeOf(shape)} (i32.const ${OUT}) ${text}) i32.const 0`,
  );

function compute(module: Uint8Array, memory: Uint8Array, shape: Shape): Uint8Array {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(module)));
  const bytes = new Uint8Array((exports['memory'] as WebAssembly.Memory).buffer);
  bytes.set(memory);
  (exports['run'] as () => number)();
  return bytes.slice(OUT, OUT + sizeOf(shape));
}

test.each(['f32', 'f64', 'f32x4', 'f64x2'] as const)(
  'random programs of %s give the bytes of the model, whatever NaNs go in and come about',
  (shape) => {
    fc.assert(
      fc.property(expressions[shape], fc.array(memories, { minLength: 4, maxLength: 4 }), (program, samples) => {
        const rewritten = admitModule(moduleOf(shape, program)).bytes;
        for (const memory of samples) expect(compute(rewritten, memory, shape)).toEqual(program.value(memory));
      }),
      { numRuns: 250 },
    );
  },
);

test('where no NaN comes about the rewritten program gives what the plain one gives', () => {
  fc.assert(
    fc.property(expressions.f64, memories, (program, memory) => {
      const before = made.nans;
      program.value(memory);
      fc.pre(made.nans === before);
      const plain = moduleOf('f64', program);
      expect(compute(admitModule(plain).bytes, memory, 'f64')).toEqual(compute(plain, memory, 'f64'));
    }),
    { numRuns: 150 },
  );
});

test('a result that goes straight into arithmetic of its shape is not looked at, any other is', () => {
  const sites = (text: string) => admitModule(guest(`(local $x f32) ${text} i32.const 0`)).nanSites;
  const load = '(f32.load (i32.const 0))';
  const product = `(f32.mul ${load} ${load})`;
  expect(sites(`(f32.store (i32.const 0) (f32.add ${load} ${product}))`)).toBe(1);
  expect(sites(`(f32.store (i32.const 0) (f32.add ${product} ${product}))`)).toBe(1);
  expect(sites(`(drop (f32.lt ${product} ${load}))`)).toBe(0);
  expect(sites(`(drop ${product})`)).toBe(0);
  expect(sites(`(f32.store (i32.const 0) (f32.neg ${product}))`)).toBe(1);
  expect(sites(`(f32.store (i32.const 0) (f32.add ${load} (local.tee $x ${product})))`)).toBe(2);
  expect(sites(`(f32.store (i32.const 0) (f32.add ${load} (block (result f32) ${product})))`)).toBe(2);
  expect(
    sites(
      `(v128.store (i32.const 0) (f64x2.add (f32x4.add (v128.load (i32.const 0)) (v128.load (i32.const 0))) (v128.load (i32.const 0))))`,
    ),
  ).toBe(2);
});
