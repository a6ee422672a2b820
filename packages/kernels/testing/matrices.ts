import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { Tensor } from '../src/tensor/tensor.ts';

/** A matrix of pseudo-random int8, the same for the same seed, with the extremes in it. */
export function int8Matrix(rows: number, columns: number, seed: number): Tensor {
  let state = seed >>> 0;
  const data = Uint8Array.from({ length: rows * columns }, (_, i) => {
    // Numerical Recipes' linear congruence; its high bits are random enough for a test.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return i % 7 === 0 ? 0x80 : state >>> 24;
  });
  return { dtype: 'int8', shape: [rows, columns], data };
}

/** A matrix of pseudo-random float32, the same for the same seed: from −1 to 1, some of them far smaller. */
export function float32Matrix(rows: number, columns: number, seed: number): Tensor {
  const random = createSeededRandom(seed);
  const values = Float32Array.from({ length: rows * columns }, (_, i) => {
    const value = random.fraction() * 2 - 1;
    return i % 11 === 0 ? value * 2 ** -random.below(60) : value;
  });
  return { dtype: 'float32', shape: [rows, columns], data: new Uint8Array(values.buffer) };
}
