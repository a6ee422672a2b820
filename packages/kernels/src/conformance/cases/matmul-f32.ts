import { readFactors } from '../../kernels/matmul-f32/params.ts';
import { matmulF32Reference } from '../../kernels/matmul-f32/reference.ts';
import { matmulF32Rules } from '../../kernels/matmul-f32/rules.ts';
import type { UnitInput } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import type { ConformanceCase, ConformanceKernel } from '../case.ts';
import { drawFullFloats, drawRoundedDown, drawWords, matrixFile } from '../draw.ts';
import { plainProduct } from '../plain-gemm.ts';

type Sides = readonly [m: number, k: number, n: number];

function product([m, k, n]: Sides, makeA: () => Float32Array, makeB: () => Float32Array): ConformanceCase {
  return {
    name: `${m} × ${k} × ${n}`,
    params: { rows: m },
    inputs: () =>
      new Map([
        ['a', matrixFile('a', [m, k], makeA())],
        ['b', matrixFile('b', [k, n], makeB())],
      ]),
  };
}

/** Numbers of both signs, whose products cancel. */
const any = (sides: Sides): ConformanceCase => {
  const [m, k, n] = sides;
  return product(
    sides,
    () => drawFullFloats(m + k, m * k),
    () => drawFullFloats(k * n, k * n),
  );
};

/** Long sums of positive products, so that what is lost of every factor shows: the p-th factors share their sign. */
const long = (sides: Sides): ConformanceCase => {
  const [m, k, n] = sides;
  const next = drawWords(k);
  const signs = Array.from({ length: k }, () => ((next() & 1) === 0 ? 1 : -1));
  return product(
    sides,
    () => drawRoundedDown(m + k, m * k).map((value, at) => value * (signs[at % k] as number)),
    () => drawRoundedDown(k * n, k * n).map((value, at) => value * (signs[Math.floor(at / n)] as number)),
  );
};

const floats = (bytes: Uint8Array): Float64Array => Float64Array.from(toNumbers(decodeNpy('result', bytes)));
const encode = (shape: readonly [number, number], rounded: Float32Array) =>
  encodeNpy({ dtype: 'float32', shape, data: new Uint8Array(rounded.buffer) });

/** The product in f64, and the sum of its terms' sizes for each element. */
function sumsOf(input: UnitInput) {
  const { a, b } = readFactors(input);
  const [left, right] = [toNumbers(a), toNumbers(b)];
  const [m, k] = a.shape;
  const n = b.shape[1];
  const [sums, sizes] = [new Float64Array(m * n), new Float64Array(m * n)];
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = left[i * k + p] as number;
      for (let j = 0; j < n; j++) {
        const term = x * (right[p * n + j] as number);
        sums[i * n + j] = (sums[i * n + j] as number) + term;
        sizes[i * n + j] = (sizes[i * n + j] as number) + Math.abs(term);
      }
    }
  }
  return { sums, sizes, k, shape: [m, n] as const };
}

/** Sums of thousands of products, and sides that no tile divides. */
export const matmulF32Conformance: ConformanceKernel = {
  rules: matmulF32Rules,
  async plainWasm(input) {
    const { a, b } = readFactors(input);
    return plainProduct(a, b);
  },
  plainReference(input) {
    const { a, b } = readFactors(input);
    return encode([a.shape[0], b.shape[1]], matmulF32Reference(a, b));
  },
  cases: [long([1, 4096, 3]), any([17, 31, 13]), any([64, 64, 64]), long([97, 1021, 89])],
  reference(input) {
    const { sums, shape } = sumsOf(input);
    return encode(shape, Float32Array.from(sums));
  },
  // By each sum's own terms, k roundings of either direction (kernels/matmul-f32/bound.ts); no number here is near the least
  // normal one. Two results are compared by the lengths of rows and columns, which bound these sizes.
  isNear(input, result) {
    const { sums, sizes, k } = sumsOf(input);
    return floats(result).every((value, at) => {
      return Math.abs(value - (sums[at] as number)) <= k * 2 ** -23 * (sizes[at] as number);
    });
  },
  numbers: floats,
};
