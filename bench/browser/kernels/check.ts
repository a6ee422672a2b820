import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';

/** Row-major factors of a product that candidates compute. */
export interface Factors {
  m: number;
  k: number;
  n: number;
  a: ArrayLike<number>;
  b: ArrayLike<number>;
}

const SAMPLES = 256;
const U = 2 ** -24;

/**
 * Is C the product, by Freivalds' check in f64 over all of it and by 256 elements computed anew? Whole numbers must be equal;
 * floats within 2·k·u·(|A||B|). @throws {Error} naming what is wrong: a wrong result's time means nothing.
 */
export function checkProduct(who: string, { m, k, n, a, b }: Factors, c: ArrayLike<number>, exact: boolean): void {
  if (c.length !== m * n) throw new Error(`${who}: ${c.length} elements instead of ${m * n}`);
  const random = createSeededRandom(m + k + n);
  const at = (list: ArrayLike<number>, i: number) => list[i] as number;
  const refuse = (place: string, got: number, expected: number) => {
    throw new Error(`${who}: ${place} is ${got}, expected ${expected}`);
  };
  for (let sample = 0; sample < SAMPLES; sample++) {
    const [i, j] = [random.below(m), random.below(n)];
    let [sum, size] = [0, 0];
    for (let p = 0; p < k; p++) {
      const product = at(a, i * k + p) * at(b, p * n + j);
      sum += product;
      size += Math.abs(product);
    }
    const off = Math.abs(at(c, i * n + j) - sum);
    if (!(off <= (exact ? 0 : 2 * k * U * size))) refuse(`element ${i}, ${j}`, at(c, i * n + j), sum);
  }
  const r = Float64Array.from({ length: n }, () => random.below(2 ** 11) - 2 ** 10);
  const br = new Float64Array(k);
  const brSize = new Float64Array(k);
  for (let p = 0; p < k; p++) {
    for (let j = 0; j < n; j++) {
      const product = at(b, p * n + j) * (r[j] as number);
      br[p] = (br[p] as number) + product;
      brSize[p] = (brSize[p] as number) + Math.abs(product);
    }
  }
  for (let i = 0; i < m; i++) {
    let [left, right, size] = [0, 0, 0];
    for (let j = 0; j < n; j++) left += at(c, i * n + j) * (r[j] as number);
    for (let p = 0; p < k; p++) {
      right += at(a, i * k + p) * (br[p] as number);
      size += Math.abs(at(a, i * k + p)) * (brSize[p] as number);
    }
    if (!(Math.abs(left - right) <= (exact ? 0 : 2 * k * U * size))) refuse(`the check of row ${i}`, left, right);
  }
}
