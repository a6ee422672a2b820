import { multiplyReferenceF32 } from '../../gemm/reference.ts';
import { type Tensor, toNumbers } from '../../tensor/tensor.ts';

/** C = A · B in plain TypeScript, in one order of the sums; every backend lies within the bound of it. */
export function matmulF32Reference(a: Tensor, b: Tensor): Float32Array<ArrayBuffer> {
  const [m, k] = a.shape as [number, number];
  const floats = (tensor: Tensor) => Float32Array.from(toNumbers(tensor));
  return multiplyReferenceF32(floats(a), floats(b), m, k, b.shape[1] as number);
}
