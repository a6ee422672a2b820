import { readFactors } from '../../kernels/matmul-f32/params.ts';
import { matmulF32Rules } from '../../kernels/matmul-f32/rules.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import type { ConformanceCase, ConformanceKernel } from '../case.ts';
import { drawFloats, matrixFile } from '../draw.ts';
import { plainProduct } from '../plain-gemm.ts';

function product(m: number, k: number, n: number): ConformanceCase {
  return {
    name: `${m} × ${k} × ${n}`,
    params: { rows: m },
    inputs: () =>
      new Map([
        ['a', matrixFile('a', [m, k], drawFloats(m + k, m * k))],
        ['b', matrixFile('b', [k, n], drawFloats(k * n, k * n))],
      ]),
  };
}

/** Sums of thousands of products, and sides that no tile divides. */
export const matmulF32Conformance: ConformanceKernel = {
  rules: matmulF32Rules,
  async plainWasm(input) {
    const { a, b } = readFactors(input);
    return plainProduct(a, b);
  },
  cases: [product(1, 4096, 3), product(17, 31, 13), product(64, 64, 64), product(97, 1021, 89)],
  reference(input) {
    const { a, b } = readFactors(input);
    const [left, right] = [toNumbers(a), toNumbers(b)];
    const [m, k] = a.shape;
    const n = b.shape[1];
    const sums = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let p = 0; p < k; p++) {
        const x = left[i * k + p] as number;
        for (let j = 0; j < n; j++) sums[i * n + j] = (sums[i * n + j] as number) + x * (right[p * n + j] as number);
      }
    }
    const data = new Uint8Array(Float32Array.from(sums).buffer);
    return encodeNpy({ dtype: 'float32', shape: [m, n], data });
  },
  numbers: (result) => Float64Array.from(toNumbers(decodeNpy('result', result))),
};
