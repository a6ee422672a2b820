import { ReckonError } from '@reckon/protocol/base/errors';
import type { Matrix } from '../../tensor/matrix.ts';
import { toNumbers } from '../../tensor/tensor.ts';

/**
 * How far two float32 products of the same matrices may lie apart, element by element.
 *
 * A sum of k products in any order, fused or not, lies within γ_k · (|A| · |B|)ij of the exact one, γ_k = k·u / (1 − k·u)
 * (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.1 and 3.5), with u = 2⁻²⁴ for rounding to nearest.
 * WGSL lets a GPU round either way, so u = 2⁻²³ here. By Cauchy and Schwarz (|A| · |B|)ij is at most the length of A's
 * row i times that of B's column j. A GPU may also take numbers below 2⁻¹²⁶ for zero, in the inputs, products and sums.
 *
 * Two results, each so far from the exact one at most, agree within
 *
 *   2 · γ_k · max_i ‖a_i‖ · max_j ‖b_j‖  +  2 · k · 2⁻¹²⁶ · (2 + max |a| + max |b|)
 *
 * with the maxima over the unit's rows of A and over all columns of B. Small rows beside large ones are held to less.
 */
const U = 2 ** -23;
const SMALLEST_NORMAL = 2 ** -126;
/** Sums of partial products stay below this, so that none can overflow whatever the order. */
const MOST = 2 ** 127;

/** What the bound needs of some vectors: the greatest length, and the greatest element. */
export interface Size {
  length: number;
  element: number;
}

/** Of each row of A. @throws {ReckonError} TENSOR_VALUE when an element is NaN or infinite. */
export function rowSizes(input: string, matrix: Matrix): Size[] {
  const [rows, columns] = matrix.shape;
  const values = toNumbers(matrix);
  return Array.from({ length: rows }, (_, i) => {
    let [squares, element] = [0, 0];
    for (let j = 0; j < columns; j++) {
      const value = values[i * columns + j] as number;
      if (!Number.isFinite(value)) throw notFinite(input, i, j, value);
      squares += value * value;
      element = Math.max(element, Math.abs(value));
    }
    return { length: Math.sqrt(squares), element };
  });
}

/** Of the columns of B. @throws {ReckonError} TENSOR_VALUE when an element is NaN or infinite. */
export function columnSize(input: string, matrix: Matrix): Size {
  const [rows, columns] = matrix.shape;
  const values = toNumbers(matrix);
  const squares = new Float64Array(columns);
  let element = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const value = values[i * columns + j] as number;
      if (!Number.isFinite(value)) throw notFinite(input, i, j, value);
      squares[j] = (squares[j] as number) + value * value;
      element = Math.max(element, Math.abs(value));
    }
  }
  return { length: Math.sqrt(squares.reduce((most, square) => Math.max(most, square), 0)), element };
}

export const largest = (sizes: readonly Size[]): Size => ({
  length: sizes.reduce((most, { length }) => Math.max(most, length), 0),
  element: sizes.reduce((most, { element }) => Math.max(most, element), 0),
});

/**
 * The bound of a unit whose rows of A are at most `a`, for sums of `k` products.
 * @throws {ReckonError} TENSOR_VALUE when a sum could pass what float32 holds.
 */
export function boundOf(k: number, a: Size, b: Size): number {
  const size = a.length * b.length;
  if (size > MOST) {
    throw new ReckonError('TENSOR_VALUE', {
      input: 'a',
      at: 'its longest row',
      expected: `a length that gives at most 1.7e38 with B's longest column (${b.length.toPrecision(4)})`,
      received: a.length.toPrecision(4),
    });
  }
  const gamma = (k * U) / (1 - k * U);
  const flushed = k * SMALLEST_NORMAL * (2 + a.element + b.element);
  // The last factor covers the rounding of this very sum.
  return 2 * (gamma * size + flushed) * (1 + 2 ** -20);
}

const notFinite = (input: string, row: number, column: number, value: number) =>
  new ReckonError('TENSOR_VALUE', {
    input,
    at: `row ${row}, column ${column}`,
    expected: 'a finite number',
    received: String(value),
  });
