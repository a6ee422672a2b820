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
