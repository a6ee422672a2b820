import { elementBound } from '../src/gemm/gpu/bound.ts';
import { multiply } from '../src/gemm/gpu/multiply.ts';
import { padRows, unpadRows } from '../src/gemm/gpu/pack.ts';
import { blockOf, type GemmPlan } from '../src/gemm/gpu/plan.ts';
import { type GemmShape, layoutOf } from '../src/gemm/gpu/shape.ts';
import type { GpuLease } from '../src/gpu/device.ts';
import { int8Matrix } from './matrices.ts';

/** Shapes that a plan's edges go wrong at: 1, primes, exactly one block, one more in every direction. */
export function edgeShapes(plan: GemmPlan): GemmShape[] {
  const { rows, vectors } = blockOf(plan);
  return [
    { m: 1, k: 1, n: 1 },
    { m: 3, k: 131, n: 7 },
    { m: rows, k: 64, n: 4 * vectors },
    { m: rows + 1, k: 37, n: 4 * vectors + 1 },
  ];
}

/** How a product by one plan compares with the exact one. */
export interface Compared {
  /** Bits that differ, of integers. */
  bitsDiffering: number;
  /** The largest error as a share of its bound, of floats; 1 or less is right. */
  worstOfBound: number;
}

const never = { signal: new AbortController().signal, progress: () => undefined };
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function bitsIn(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** int8 by one plan (the planner's choice without), against whole numbers. */
export async function compareI8(lease: GpuLease, { m, k, n }: GemmShape, plan?: GemmPlan): Promise<Compared> {
  const layout = layoutOf('i8', { m, k, n });
  const [a, b] = [int8Matrix(m, k, 7 * m + k), int8Matrix(k, n, 11 * n + k)];
  const [left, right] = [a, b].map(({ data }) => new Int8Array(data.buffer, data.byteOffset, data.length)) as [
    Int8Array,
    Int8Array,
  ];
  const input = {
    layout,
    left: () => padRows(a.data, m, k, m, 16 * layout.k4),
    right: () => padRows(b.data, k, n, k, 4 * layout.n4),
    isRight: () => true,
  };
  const padded = await multiply(lease, input, { ...never, ...(plan && { plan }) });
  const c = new Int32Array(unpadRows(padded, m, 4 * n).buffer);
  let bitsDiffering = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += (left[i * k + p] as number) * (right[p * n + j] as number);
      bitsDiffering += bitsIn(sum ^ (c[i * n + j] as number));
    }
  }
  return { bitsDiffering, worstOfBound: 0 };
}

/** Floats of both signs and many sizes, with zeros, the same for the same seed. */
function floats(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return i % 13 === 0 ? 0 : ((state >>> 8) / 2 ** 23 - 1) * 2 ** (((state >>> 3) % 12) - 6);
  });
}

/** f32, or f16 where the device has it, by one plan (the planner's choice without), against f64. */
export async function compareFloats(
  lease: GpuLease,
  { m, k, n }: GemmShape,
  plan?: GemmPlan,
  precision: 'f32' | 'f16' = 'f32',
): Promise<Compared> {
  const layout = layoutOf(precision, { m, k, n });
  const round = (values: Float32Array<ArrayBuffer>) => (precision === 'f16' ? Float16Array.from(values) : values);
  const [left, right] = [round(floats(m * k, m + 3 * k)), round(floats(k * n, n + 5 * k))];
  const size = left.BYTES_PER_ELEMENT;
  const input = {
    layout,
    left: () => padRows(bytesOf(left), m, size * k, m, 4 * size * layout.k4),
    right: () => padRows(bytesOf(right), k, size * n, 4 * layout.k4, 4 * size * layout.n4),
    isRight: () => true,
  };
  const padded = await multiply(lease, input, { ...never, ...(plan && { plan }) });
  const c = new Float32Array(unpadRows(padded, m, 4 * n).buffer);
  let worstOfBound = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const { exact, bound } = elementBound(
        k,
        (p) => left[i * k + p] as number,
        (p) => right[p * n + j] as number,
      );
      const share = Math.abs((c[i * n + j] as number) - exact) / bound;
      // NaN is no right answer.
      worstOfBound = Math.max(worstOfBound, Number.isNaN(share) ? Infinity : share);
    }
  }
  return { bitsDiffering: 0, worstOfBound };
}
