import { narrow } from './narrow.ts';
import { packing, relaxedPacking } from './pack.ts';
import { tiles } from './tile.ts';

const mulAdd = (a: string, b: string, x: string): string => `(f32x4.add ${x} (f32x4.mul ${a} ${b}))`;
const fused = (a: string, b: string, x: string): string => `(f32x4.relaxed_madd ${a} ${b} ${x})`;
const words = (a: string, b: string, x: string): string => `(i32x4.add ${x} (i32x4.dot_i16x8_s ${a} ${b}))`;
/** Its second operand must lie in 0..127. */
const dot = (a: string, b: string, x: string): string => `(i32x4.relaxed_dot_i8x16_i7x16_add_s ${a} ${b} ${x})`;

/**
 * Heights of tiles follow from the 15 vector registers that V8 has to give on x86-64: two sums for each row, two vectors of B
 * and one of A, and one more where multiplying and adding are two instructions. One register too many halves the speed.
 */
const HIGH = 6;
const MIDDLE = 4;

const module = (parts: readonly string[]): string => `(module\n(memory (export "memory") 1)\n${parts.join('\n')})\n`;

/** The same bytes on every engine. */
export const plainModule = (): string =>
  module([
    tiles({ name: 'f32', most: MIDDLE, multiply: mulAdd, kind: 'float', unroll: 4 }),
    tiles({ name: 'i16', most: MIDDLE, multiply: words, kind: 'integer', unroll: 2 }),
    narrow(mulAdd),
    ...packing,
  ]);

/** With relaxed SIMD: floats fused or not, as the machine likes; integers the same on every engine. */
export const relaxedModule = (): string =>
  module([
    tiles({ name: 'f32', most: HIGH, multiply: fused, kind: 'float', unroll: 4 }),
    tiles({ name: 'i16', most: MIDDLE, multiply: words, kind: 'integer', unroll: 2 }),
    tiles({ name: 'right7', most: HIGH, multiply: dot, kind: 'integer', unroll: 2 }),
    tiles({ name: 'left7', most: HIGH, multiply: (a, b, x) => dot(b, a, x), kind: 'integer', unroll: 2 }),
    tiles({ name: 'halves', most: HIGH, multiply: dot, kind: 'halves', unroll: 2 }),
    narrow(fused),
    ...packing,
    ...relaxedPacking,
  ]);
