import { elementBound } from '@reckon/kernels/gemm/gpu/bound';
import type { Matrices } from './contender.ts';

/** Elements computed again one by one, beside the check of all. */
const SAMPLES = 256;

/**
 * What is wrong with C = A · B, or undefined: Freivalds' check of all of C with random signs in f64, within the error bound
 * of an f32 product in any order, and sampled elements. `exactly` allows no error at all, for integers.
 */
export function wrongProduct(
  { shape: { m, k, n }, lefts: [a], right: b }: Matrices,
  c: ArrayLike<number>,
  exactly: boolean,
): string | undefined {
  if (c.length !== m * n) return `${c.length} elements instead of ${m * n}`;
  const sign = Float64Array.from({ length: n }, () => (Math.random() < 0.5 ? -1 : 1));
  const [bx, bSize] = timesVector(b, sign, k, n);
  const [abx, size] = timesVector(a, bx, m, k, bSize);
  const [cx] = timesVector(c, sign, m, n);
  const slack = exactly ? 0 : 2 * k * 2 ** -24;
  for (let i = 0; i < m; i++) {
    const [got, expected] = [cx[i] as number, abx[i] as number];
    if (!(Math.abs(got - expected) <= slack * (size[i] as number) + (exactly ? 0 : 1e-30))) {
      return `row ${i} sums to ${got} instead of ${expected}`;
    }
  }
  for (let sample = 0; sample < SAMPLES; sample++) {
    const [i, j] = [Math.floor(Math.random() * m), Math.floor(Math.random() * n)];
    const of = elementBound(
      k,
      (p) => a[i * k + p] as number,
      (p) => b[p * n + j] as number,
    );
    const got = c[i * n + j] as number;
    if (!(Math.abs(got - of.exact) <= (exactly ? 0 : of.bound))) {
      return `row ${i}, column ${j} is ${got} instead of ${of.exact}`;
    }
  }
  return undefined;
}

/** M · x and |M| · |x|, M being [rows, columns]. */
function timesVector(
  matrix: ArrayLike<number>,
  x: Float64Array,
  rows: number,
  columns: number,
  sizes: Float64Array = x.map(Math.abs),
): [Float64Array, Float64Array] {
  const [product, size] = [new Float64Array(rows), new Float64Array(rows)];
  for (let i = 0; i < rows; i++) {
    let [sum, absolute] = [0, 0];
    for (let j = 0; j < columns; j++) {
      const value = matrix[i * columns + j] as number;
      sum += value * (x[j] as number);
      absolute += Math.abs(value) * (sizes[j] as number);
    }
    product[i] = sum;
    size[i] = absolute;
  }
  return [product, size];
}
