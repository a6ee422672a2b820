import { u32Bytes } from './byte-writer.ts';
import type { FloatShape } from './opcodes.ts';

/**
 * Code that makes a NaN on the stack the one positive quiet NaN without payload, and leaves every other value as it is.
 * Which NaN arithmetic gives is open in the specification and differs between processors:
 * https://webassembly.github.io/spec/core/exec/numerics.html#nan-propagation
 */

export const FLOAT_SHAPES: readonly FloatShape[] = ['f32', 'f64', 'f32x4', 'f64x2'];

/** The type of the local variable that a shape needs. */
export const SCRATCH_TYPE: Readonly<Record<FloatShape, number>> = { f32: 0x7d, f64: 0x7c, f32x4: 0x7b, f64x2: 0x7b };

const F32_NAN = [0x00, 0x00, 0xc0, 0x7f];
const F64_NAN = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];

/** What pushes the NaN, how equality is spelled, and how one of two values is chosen. */
const PARTS: Readonly<
  Record<FloatShape, { nan: readonly number[]; equal: readonly number[]; choose: readonly number[] }>
> = {
  f32: { nan: [0x43, ...F32_NAN], equal: [0x5b], choose: [0x1b] },
  f64: { nan: [0x44, ...F64_NAN], equal: [0x61], choose: [0x1b] },
  f32x4: {
    nan: [0xfd, 0x0c, ...F32_NAN, ...F32_NAN, ...F32_NAN, ...F32_NAN],
    equal: [0xfd, 0x41],
    choose: [0xfd, 0x52],
  },
  f64x2: { nan: [0xfd, 0x0c, ...F64_NAN, ...F64_NAN], equal: [0xfd, 0x47], choose: [0xfd, 0x52] },
};

/** `x = x ? x : NaN`, with the local variable numbered `local`; lanes are chosen one by one. */
export function canonicalise(shape: FloatShape, local: number): number[] {
  const { nan, equal, choose } = PARTS[shape];
  const number = u32Bytes(local);
  return [0x22, ...number, ...nan, 0x20, ...number, 0x20, ...number, ...equal, ...choose];
}
