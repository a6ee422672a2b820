import { ReckonError } from '@reckon/protocol/base/errors';
import { decodeNpy } from './npy.ts';
import { type DType, describeTensor, type Tensor } from './tensor.ts';

export type Matrix = Tensor & { shape: readonly [rows: number, columns: number] };

/** A matrix of that type. @throws {ReckonError} TENSOR_INVALID, TENSOR_TYPE or TENSOR_SHAPE naming `input`. */
export function readMatrix(input: string, bytes: Uint8Array, dtype: DType): Matrix {
  const tensor = decodeNpy(input, bytes);
  if (tensor.dtype !== dtype) {
    throw new ReckonError('TENSOR_TYPE', { input, expected: dtype, received: describeTensor(tensor) });
  }
  const [rows, columns] = tensor.shape;
  if (tensor.shape.length !== 2 || !rows || !columns) {
    throw shapeError(input, 'a matrix with at least one row and column', tensor);
  }
  return { ...tensor, shape: [rows, columns] };
}

/** A · B must have inner dimensions that fit, of at most `most`; `advice` says what else to do. @throws {ReckonError} TENSOR_SHAPE */
export function checkInner(a: Matrix, b: Matrix, most: number, advice = ''): void {
  const [, inner] = a.shape;
  if (inner !== b.shape[0]) throw shapeError('b', `[${inner}, any] to fit a ${describeTensor(a)}`, b);
  if (inner > most) throw shapeError('a', `at most ${most} columns${advice}`, a);
}

/** A · B must have that many rows and columns. @throws {ReckonError} TENSOR_SHAPE */
export function checkOuter(a: Matrix, b: Matrix, rows: number, columns: number): void {
  if (a.shape[0] === rows && b.shape[1] === columns) return;
  const expected = `a product of [${rows}, ${columns}]`;
  throw new ReckonError('TENSOR_SHAPE', { input: 'a', expected, received: `[${a.shape[0]}, ${b.shape[1]}]` });
}

const shapeError = (input: string, expected: string, tensor: Tensor) =>
  new ReckonError('TENSOR_SHAPE', { input, expected, received: `[${tensor.shape.join(', ')}]` });
