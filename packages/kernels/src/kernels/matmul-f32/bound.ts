import { ReckonError } from '@reckon/protocol/base/errors';

/**
 * How far two float32 products of the same matrices may lie apart, element by element.
 *
 * A sum of k products in any order, fused or not, lies within γ_k · (|A| · |B|)ij of the exact one, γ_k = k·u / (1 − k·u)
 * (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 3.1 and 3.5), with u = 2⁻²⁴ for rounding to nearest.
 * WGSL lets a GPU round either way, so u = 2⁻²³ here. By Cauchy and Schwarz (|A| · |B|)ij is at most the length of A's
 * row i times that of B's column j. A GPU may also take numbers below 2⁻¹²⁶ for zero, in the inputs, products and sums:
 * that moves a sum by 2⁻¹²⁶ · (2k + Σ|a| + Σ|b|) at most, and Σ|a| ≤ √k · ‖a‖.
 *
 * Two results, each so far from the exact one at most, agree within
 *
 *   2 · γ_k · ‖a_i‖ · ‖b_j‖  +  2 · (1 + γ_k) · 2⁻¹²⁶ · (2k + √k · (‖a_i‖ + ‖b_j‖))
 *
 * with the lengths that the unit's parameters carry (`lengths.ts`).
 */
const U = 2 ** -23;
const SMALLEST_NORMAL = 2 ** -126;
/** Sums of partial products stay below this, so that none can overflow whatever the order. */
const MOST = 2 ** 127;

/** Of an element whose row of A is `a` long and whose column of B is `b` long, for sums of `k` products. */
export function boundOf(k: number, a: number, b: number): number {
  const gamma = (k * U) / (1 - k * U);
  const flushed = (1 + gamma) * SMALLEST_NORMAL * (2 * k + Math.sqrt(k) * (a + b));
  // The last factor covers the rounding of this very sum, and of the lengths.
  return 2 * (gamma * a * b + flushed) * (1 + 2 ** -20);
}

/**
 * Is there room for every sum, whatever the order, of rows of A so long at most and columns of B?
 * @throws {ReckonError} TENSOR_VALUE when a sum could pass what float32 holds.
 */
export function checkRoom(rows: Float64Array, columns: Float64Array): void {
  const [a, b] = [greatest(rows), greatest(columns)];
  if (a * b <= MOST) return;
  throw new ReckonError('TENSOR_VALUE', {
    input: 'a',
    at: 'its longest row',
    expected: `a length that gives at most 1.7e38 with B's longest column (${b.toPrecision(4)})`,
    received: a.toPrecision(4),
  });
}

const greatest = (lengths: Float64Array): number => lengths.reduce((most, length) => Math.max(most, length), 0);
