import * as v from 'valibot';
import type { UnitInput } from '../../kernel.ts';
import { parseParamsJson, real, requireBlob, whole } from '../../params.ts';
import { checkInner, checkOuter, type Matrix, readMatrix } from '../../tensor/matrix.ts';
import { matmulF32Manifest } from './manifest.ts';

/** The bound's γ_k stays below a hundredth up to here. */
export const MAX_K = 65_536;
const MAX_SIDE = 1_000_000;

const Block = v.strictObject({
  rows: whole(1, 4096),
  columns: whole(1, MAX_SIDE),
  /** How far two results may lie apart (`bound.ts`). */
  bound: real(0, 1e38),
});
/** One work unit: how large its result is, and how near results of it are. */
type Block = v.InferOutput<typeof Block>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readBlock = (json: string): Block => parseParamsJson(matmulF32Manifest, Block, json);

const Stage = v.strictObject({ total: whole(1, MAX_SIDE), rows: whole(1, 4096), columns: whole(1, MAX_SIDE) });
/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readStage = (json: string): v.InferOutput<typeof Stage> => parseParamsJson(matmulF32Manifest, Stage, json);

/**
 * What a unit multiplies: A float32 [rows, k] and B float32 [k, columns].
 * @throws {ReckonError} KERNEL_PARAMS_INVALID, KERNEL_INPUT_MISSING, TENSOR_INVALID, TENSOR_TYPE or TENSOR_SHAPE
 */
export function readFactors({ params, blobs }: UnitInput): { a: Matrix; b: Matrix } {
  const block = readBlock(params);
  const a = readMatrix('a', requireBlob(matmulF32Manifest, blobs, 'a'), 'float32');
  const b = readMatrix('b', requireBlob(matmulF32Manifest, blobs, 'b'), 'float32');
  checkInner(a, b, MAX_K);
  checkOuter(a, b, block.rows, block.columns);
  return { a, b };
}
