import { ReckonError } from '@reckon/protocol/base/errors';
import * as v from 'valibot';
import type { UnitInput } from '../../kernel.ts';
import { parseParamsJson, requireBlob, whole } from '../../params.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { describeTensor, type Tensor } from '../../tensor/tensor.ts';
import { matmulManifest } from './manifest.ts';

/** Sums of `k` products of two int8 stay far inside an int32 up to here: 65,536 · 2¹⁴ = 2³⁰. */
export const MAX_K = 65_536;
const MAX_SIDE = 1_000_000;

const Block = v.strictObject({ rows: whole(1, 4096), columns: whole(1, MAX_SIDE) });
/** One work unit: how large its result is. */
export type Block = v.InferOutput<typeof Block>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readBlock = (json: string): Block => parseParamsJson(matmulManifest, Block, json);

const Stage = v.strictObject({ total: whole(1, MAX_SIDE), rows: whole(1, 4096), columns: whole(1, MAX_SIDE) });
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readStage = (json: string): v.InferOutput<typeof Stage> => parseParamsJson(matmulManifest, Stage, json);

type Matrix = Tensor & { shape: readonly [number, number] };

/** An int8 matrix. @throws {ReckonError} TENSOR_INVALID, TENSOR_TYPE or TENSOR_SHAPE naming `input`. */
export function readMatrix(input: string, bytes: Uint8Array): Matrix {
  const tensor = decodeNpy(input, bytes);
  if (tensor.dtype !== 'int8') {
    throw new ReckonError('TENSOR_TYPE', { input, expected: 'int8', received: describeTensor(tensor) });
  }
  const [rows, columns] = tensor.shape;
  if (tensor.shape.length !== 2 || !rows || !columns) {
    throw shapeError(input, 'a matrix with at least one row and column', tensor);
  }
  return { ...tensor, shape: [rows, columns] };
}

/** A · B must have inner dimensions that fit. @throws {ReckonError} TENSOR_SHAPE */
export function checkInner(a: Tensor, b: Tensor): void {
  const inner = a.shape[1] as number;
  if (inner !== b.shape[0]) throw shapeError('b', `[${inner}, any] to fit a ${describeTensor(a)}`, b);
  if (inner > MAX_K) throw shapeError('a', `at most ${MAX_K} columns`, a);
}

/**
 * What a unit multiplies: A int8 [rows, k] and B int8 [k, columns].
 * @throws {ReckonError} KERNEL_PARAMS_INVALID, KERNEL_INPUT_MISSING, TENSOR_INVALID, TENSOR_TYPE or TENSOR_SHAPE
 */
export function readFactors({ params, blobs }: UnitInput): { block: Block; a: Matrix; b: Matrix } {
  const block = readBlock(params);
  const a = readMatrix('a', requireBlob(matmulManifest, blobs, 'a'));
  const b = readMatrix('b', requireBlob(matmulManifest, blobs, 'b'));
  checkInner(a, b);
  if (a.shape[0] !== block.rows || b.shape[1] !== block.columns) {
    const received = `[${a.shape[0]}, ${b.shape[1]}]`;
    throw new ReckonError('TENSOR_SHAPE', {
      input: 'a',
      expected: `a product of [${block.rows}, ${block.columns}]`,
      received,
    });
  }
  return { block, a, b };
}

const shapeError = (input: string, expected: string, tensor: Tensor) =>
  new ReckonError('TENSOR_SHAPE', { input, expected, received: `[${tensor.shape.join(', ')}]` });
