import { encodeNpy } from '../tensor/npy.ts';
import type { InputFile } from '../kernel.ts';

/** Repeatable 32-bit words: mulberry32. For inputs that must be the same on every device, never for what must not be guessed. */
export function drawWords(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Float32 numbers in [−1, 1) with 12 bits after the point, so that every browser makes the same ones. */
export function drawFloats(seed: number, count: number): Float32Array {
  const next = drawWords(seed);
  return Float32Array.from({ length: count }, () => ((next() >>> 19) - 4096) / 4096);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int8Array | Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Float32 numbers in [−1, 1) with 23 bits after the point, so that products are rounded. */
export function drawFullFloats(seed: number, count: number): Float32Array {
  const next = drawWords(seed);
  return Float32Array.from({ length: count }, () => ((next() >>> 8) - 2 ** 23) / 2 ** 23);
}

/**
 * Float32 numbers in [1, 1.25) that a GPU makes smaller whose units for neural networks keep but 10 bits after the point
 * (TF32, half) or 7 (bfloat16), whether it rounds or cuts off: the bits behind both are just below one half. So what it
 * loses adds up, and does not cancel in a long sum.
 */
export function drawRoundedDown(seed: number, count: number): Float32Array {
  const next = drawWords(seed);
  const bits = Uint32Array.from({ length: count }, () => {
    const word = next();
    return 0x3f800000 | ((word >>> 27) << 16) | 0x6c00 | (word & 0x3ff);
  });
  return new Float32Array(bits.buffer);
}

/** A matrix as a job's input file. */
export function matrixFile(name: string, shape: readonly [number, number], data: Int8Array | Float32Array): InputFile {
  const dtype = data instanceof Int8Array ? 'int8' : 'float32';
  return { fileName: `${name}.npy`, bytes: encodeNpy({ dtype, shape, data: bytesOf(data) }) };
}
