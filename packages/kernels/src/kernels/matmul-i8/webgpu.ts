import { multiply } from '../../gemm/gpu/multiply.ts';
import { padRows, unpadRows } from '../../gemm/gpu/pack.ts';
import { layoutOf } from '../../gemm/gpu/shape.ts';
import type { GpuLease } from '../../gpu/device.ts';
import type { RunContext } from '../../kernel.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * C = A · B on the GPU, exact by any plan. @throws {ReckonError} DEVICE_UNSUPPORTED, DEVICE_MEMORY or DEVICE_LOST when the
 * device lacks what it needs, errs or goes.
 */
export async function multiplyOnGpu(lease: GpuLease, a: Tensor, b: Tensor, context: RunContext): Promise<Int32Array> {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const layout = layoutOf('i8', { m, k, n });
  const left = new Int8Array(a.data.buffer, a.data.byteOffset, a.data.length);
  const right = new Int8Array(b.data.buffer, b.data.byteOffset, b.data.length);
  const input = {
    layout,
    left: () => padRows(a.data, m, k, m, 16 * layout.k4),
    right: () => padRows(b.data, k, n, k, 4 * layout.n4),
    isRight(row: number, column: number, value: number) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += (left[row * k + p] as number) * (right[p * n + column] as number);
      return sum === value;
    },
  };
  const padded = await multiply(lease, input, context);
  return new Int32Array(unpadRows(padded, m, 4 * n).buffer);
}
