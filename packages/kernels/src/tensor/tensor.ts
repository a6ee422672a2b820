import { fromHalf } from './float16.ts';

/** Element types kernels read and write. */
export const DTYPES = [
  'float32',
  'float64',
  'float16',
  'int64',
  'int32',
  'uint32',
  'uint16',
  'uint8',
  'int8',
  'bool',
] as const;
export type DType = (typeof DTYPES)[number];

/** A dense tensor in C order; `data` holds its elements little-endian. */
export interface Tensor {
  dtype: DType;
  shape: readonly number[];
  data: Uint8Array;
}

const SIZES: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  int64: 8,
  int32: 4,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  int8: 1,
  bool: 1,
};

export const dtypeBytes = (dtype: DType): number => SIZES[dtype];

/** Does it hold floats, which another device may round otherwise? */
export const isFloat = (dtype: DType): boolean => dtype.startsWith('float');

/** Product of the dimensions; 1 for a scalar. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** `float32 [50, 1, 28, 28]`. */
export const describeTensor = ({ dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>): string =>
  `${dtype} [${shape.join(', ')}]`;

/** Rows `from` to `to` - 1 of the first dimension, a view. */
export function sliceRows(tensor: Tensor, from: number, to: number): Tensor {
  const rowBytes = elementCount(tensor.shape.slice(1)) * dtypeBytes(tensor.dtype);
  return {
    dtype: tensor.dtype,
    shape: [to - from, ...tensor.shape.slice(1)],
    data: tensor.data.subarray(from * rowBytes, to * rowBytes),
  };
}

/** Tensors of equal type and equal trailing dimensions, one after the other by rows. */
export function concatRows(tensors: readonly Tensor[]): Tensor {
  const first = tensors[0] as Tensor;
  const data = new Uint8Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0));
  let offset = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, offset);
    offset += tensor.data.length;
  }
  const rows = tensors.reduce((sum, tensor) => sum + (tensor.shape[0] as number), 0);
  return { dtype: first.dtype, shape: [rows, ...first.shape.slice(1)], data };
}

/** The elements as numbers; a copy when the bytes are not aligned. int64 loses precision beyond 2⁵³. */
export function toNumbers({ dtype, data }: Tensor): ArrayLike<number> {
  const aligned = data.byteOffset % dtypeBytes(dtype) === 0 ? data : data.slice();
  const { buffer, byteOffset } = aligned;
  const length = aligned.byteLength / dtypeBytes(dtype);
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return new Float64Array(buffer, byteOffset, length);
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, length), fromHalf);
    case 'int64':
      return Array.from(new BigInt64Array(buffer, byteOffset, length), Number);
    case 'int32':
      return new Int32Array(buffer, byteOffset, length);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, length);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, length);
    case 'int8':
      return new Int8Array(buffer, byteOffset, length);
    case 'uint8':
    case 'bool':
      return aligned;
  }
}
