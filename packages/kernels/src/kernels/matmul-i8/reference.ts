import type { Tensor } from '../../tensor/tensor.ts';

/** C = A · B in plain TypeScript; A int8 [m, k], B int8 [k, n], C int32 [m, n]. The definition every backend equals. */
export function matmulReference(a: Tensor, b: Tensor): Int32Array {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const left = new Int8Array(a.data.buffer, a.data.byteOffset, a.data.byteLength);
  const right = new Int8Array(b.data.buffer, b.data.byteOffset, b.data.byteLength);
  const c = new Int32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = left[i * k + p] as number;
      for (let j = 0; j < n; j++) c[i * n + j] = (c[i * n + j] as number) + x * (right[p * n + j] as number);
    }
  }
  return c;
}
