import { ReckonError } from '@reckon/protocol/base/errors';
import { elementBound } from '../../gemm/gpu/bound.ts';
import { multiply } from '../../gemm/gpu/multiply.ts';
import { padRows, unpadRows } from '../../gemm/gpu/pack.ts';
import { layoutOf } from '../../gemm/gpu/shape.ts';
import type { GpuLease } from '../../gpu/device.ts';
import type { RunContext } from '../../kernel.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * C = A · B in f32 on the GPU: each element within 2·k·u·(|A||B|) of the exact one, whatever the device fuses. WGSL
 * promises nothing about NaN and infinities, so inputs with any, and products that overflow, are left to another backend.
 * @throws {ReckonError} DEVICE_UNSUPPORTED, DEVICE_MEMORY or DEVICE_LOST when the device lacks what it needs, errs or goes.
 */
export async function multiplyOnGpu(lease: GpuLease, a: Tensor, b: Tensor, context: RunContext): Promise<Float32Array> {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const layout = layoutOf('f32', { m, k, n });
  const left = floatsOf(a);
  const right = floatsOf(b);
  if (!allFinite(left) || !allFinite(right)) throw unfit('NaN and infinities in WebGPU');
  const input = {
    layout,
    left: () => padRows(bytesOf(left), m, 4 * k, m, 16 * layout.k4),
    right: () => padRows(bytesOf(right), k, 4 * n, 4 * layout.k4, 16 * layout.n4),
    isRight(row: number, column: number, value: number) {
      const of = elementBound(
        k,
        (p) => left[row * k + p] as number,
        (p) => right[p * n + column] as number,
      );
      // Units with such sums are refused before; should one come here all the same, no plan is to blame.
      return Math.abs(value - of.exact) <= of.bound || !of.holds;
    },
  };
  const c = new Float32Array(unpadRows(await multiply(lease, input, context), m, 4 * n).buffer);
  if (!allFinite(c)) throw unfit('infinities in WebGPU');
  return c;
}

const unfit = (missing: string) => new ReckonError('DEVICE_UNSUPPORTED', { missing });

/** The elements; a copy when the bytes are not aligned. */
function floatsOf({ data }: Tensor): Float32Array<ArrayBuffer> {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Float32Array(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / 4);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array<ArrayBuffer>) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function allFinite(values: Float32Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}
