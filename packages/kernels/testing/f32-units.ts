import type { UnitInput } from '../src/kernel.ts';
import { matmulF32Rules } from '../src/kernels/matmul-f32/rules.ts';
import { encodeNpy } from '../src/tensor/npy.ts';
import type { Tensor } from '../src/tensor/tensor.ts';

/** A and B as a job's files. */
export const productFiles = (a: Tensor, b: Tensor) =>
  new Map([
    ['a', { fileName: 'a.npy', bytes: encodeNpy(a) }],
    ['b', { fileName: 'b.npy', bytes: encodeNpy(b) }],
  ]);

/** The only unit of A · B. */
export async function unitOf(a: Tensor, b: Tensor): Promise<UnitInput> {
  const plan = await matmulF32Rules.split({ rows: 4096 }, productFiles(a, b));
  const [unit] = plan.units;
  if (unit === undefined) throw new Error('no unit');
  return {
    params: unit.params,
    blobs: new Map([...plan.shared, ...unit.blobs].map((part) => [part.name, part.bytes])),
  };
}

export const floats = (shape: [number, number], values: ArrayLike<number>): Tensor => ({
  dtype: 'float32',
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

export const zeros = (rows: number, columns: number) =>
  encodeNpy(floats([rows, columns], new Float32Array(rows * columns)));
