import { multiplyReferenceI8 } from '../../gemm/reference.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** C = A · B in plain TypeScript; A int8 [m, k], B int8 [k, n], C int32 [m, n]. The definition every backend equals. */
export function matmulReference(a: Tensor, b: Tensor): Int32Array<ArrayBuffer> {
  const [m, k] = a.shape as [number, number];
  const signed = ({ data }: Tensor) => new Int8Array(data.buffer, data.byteOffset, data.byteLength);
  return multiplyReferenceI8(signed(a), signed(b), m, k, b.shape[1] as number);
}
