import type { Random } from '@reckon/protocol/base/ports';
import type { Tensor } from '../../tensor/tensor.ts';
import { toNumbers } from '../../tensor/tensor.ts';

/**
 * Freivalds' check (R. Freivalds, Probabilistic machines can use less running time, 1977) of Y = A · B in whole numbers:
 * Y · r = A · (B · r) for each of three secret vectors r of 21-bit numbers, −2²⁰ ≤ r < 2²⁰.
 *
 * A wrong Y passes with probability 2⁻⁶³ at most. Let row d of Y − A · B have d_j ≠ 0. Whatever the other numbers of r
 * are, d · r = 0 holds for at most one r_j of 2²¹; three independent vectors give (2⁻²¹)³. No modulus: with one, a forger
 * who adds the modulus to an element would always pass.
 *
 * Nothing overflows an i64. |A|, |B| ≤ 2⁷, so a right |Y| ≤ k · 2¹⁴, and any other Y is refused before (`largestElement`). With
 * k · n ≤ 2²⁸ (a unit within the kernel's memory limit has at most 2²⁷), |Y · r| ≤ n · k · 2¹⁴ · 2²⁰ ≤ 2⁶² and
 * |A · (B · r)| ≤ k · 2⁷ · n · 2⁷ · 2²⁰ ≤ 2⁶². Sums wrap modulo 2⁶⁴ on the way, which changes nothing: two numbers within ±2⁶²
 * that are equal modulo 2⁶⁴ are equal. And |B · r| ≤ n · 2²⁷ < 2⁴⁷ for n ≤ 10⁶ columns, which three signed digits of 16 bits
 * hold.
 */

/** Vectors r. */
export const TRIALS = 3;
/** r is from −2²⁰ to 2²⁰ − 1. */
const R_BITS = 21;
/** log2 of the chance that a wrong product passes, at most. */
export const ERROR_LOG2 = -R_BITS * TRIALS;
/** The largest size of an element of a product over k: at most 2³⁰. */
export const largestElement = (k: number): number => k * 2 ** 14;

/** A browser gives at most 65,536 random bytes at once. */
const RANDOM_BYTES = 32_768;

/** Vectors r of n numbers, each of 2²¹ equally likely: int32 [3, n]. */
export function drawTrials(n: number, random: Random): Int32Array {
  const bytes = new Uint8Array(TRIALS * n * 4);
  for (let at = 0; at < bytes.length; at += RANDOM_BYTES) {
    bytes.set(random.bytes(Math.min(RANDOM_BYTES, bytes.length - at)), at);
  }
  return new Int32Array(bytes.buffer).map((value) => value >> (32 - R_BITS));
}

/** Numbers r, trial by trial: r[t · n + j]. */
export type Trials = ArrayLike<number>;

/**
 * The definition, in plain whole numbers without bounds: is Y · r = A · (B · r) for every trial?
 * A int8 [m, k], B int8 [k, n], Y int32 [m, n].
 */
export function freivaldsReference(a: Tensor, b: Tensor, y: Tensor, r: Trials): boolean {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  for (let t = 0; t < TRIALS; t++) {
    const trial = Array.from({ length: n }, (_, j) => r[t * n + j] as number);
    const u = timesVector(b, k, trial.map(BigInt));
    const left = timesVector(y, m, trial.map(BigInt));
    const right = timesVector(a, m, u);
    if (left.some((value, i) => value !== right[i])) return false;
  }
  return true;
}

/** Matrix [rows, vector.length] times vector. */
function timesVector(matrix: Tensor, rows: number, vector: readonly bigint[]): bigint[] {
  const elements = toNumbers(matrix);
  return Array.from({ length: rows }, (_, i) =>
    vector.reduce((sum, value, j) => sum + BigInt(elements[i * vector.length + j] as number) * value, 0n),
  );
}
