import { readFactors } from '../../kernels/matmul-i8/params.ts';
import { matmulRules } from '../../kernels/matmul-i8/rules.ts';
import type { ConformanceCase, ConformanceKernel } from '../case.ts';
import { drawWords, matrixFile } from '../draw.ts';
import { plainProduct } from '../plain-gemm.ts';

/** A product of an m × k and a k × n matrix of int8, drawn by `element`, the second one by `right`. */
function product(
  name: string,
  m: number,
  k: number,
  n: number,
  element: (word: number) => number,
  right = element,
): ConformanceCase {
  return {
    name,
    params: { rows: m },
    inputs() {
      const next = drawWords(m * 1_000_003 + k * 1009 + n);
      const matrix = (count: number, draw: (word: number) => number) =>
        Int8Array.from({ length: count }, () => draw(next()));
      return new Map([
        ['a', matrixFile('a', [m, k], matrix(m * k, element))],
        ['b', matrixFile('b', [k, n], matrix(k * n, right))],
      ]);
    },
  };
}
const any = (word: number) => (word << 24) >> 24;
/** Whole numbers that seven bits hold, as relaxed SIMD multiplies them: as they are, or moved by 64. */
const seven = (word: number) => word & 127;
const around = (word: number) => (word & 127) - 64;

/** Odd and prime sides, so that no tile fits, and the ends of int8, where a 7-bit shortcut or a narrow sum would show. */
export const matmulConformance: ConformanceKernel = {
  rules: matmulRules,
  async plainWasm(input) {
    const { a, b } = readFactors(input);
    return plainProduct(a, b);
  },
  cases: [
    product('1 × 1 × 1', 1, 1, 1, any),
    product('3 × 5 × 7', 3, 5, 7, any),
    product('1 × 257 × 3', 1, 257, 3, any),
    product('17 × 31 × 13', 17, 31, 13, any),
    product('64 × 64 × 64', 64, 64, 64, any),
    product('97 × 101 × 89', 97, 101, 89, any),
    product('130 × 67 × 129', 130, 67, 129, any),
    product('B in 7 bits, 37 × 131 × 41', 37, 131, 41, any, seven),
    product('B around 0, 37 × 137 × 41', 37, 137, 41, any, around),
    product('A in 7 bits, 41 × 139 × 37', 41, 139, 37, seven, any),
    product('A around 0, 41 × 149 × 37', 41, 149, 37, around, any),
    product('−128 only, 9 × 1021 × 11', 9, 1021, 11, () => -128),
    product('−128 and 127, 33 × 65 × 31', 33, 65, 31, (word) => ((word & 1) === 0 ? -128 : 127)),
  ],
};
