import * as v from 'valibot';
import { checkProductSize } from '../../gemm/product-units.ts';
import { MAX_SIDE } from '../../gemm/product-stage.ts';
import type { UnitInput } from '../../kernel.ts';
import { parseParamsJson, requireBlob, whole } from '../../params.ts';
import { checkInner, checkOuter, type Matrix, readMatrix } from '../../tensor/matrix.ts';
import { matmulManifest } from './manifest.ts';

/** Sums of `k` products of two int8 stay far inside an int32 up to here: 65,536 · 2¹⁴ = 2³⁰. */
export const MAX_K = 65_536;
/** On WASM both inputs lie beside the bytes they came as, and once more in the order they are read in, at most as int16. */
export const BYTES_PER_ELEMENT = 4;

const Block = v.strictObject({ rows: whole(1, 4096), columns: whole(1, MAX_SIDE) });
/** One work unit: how large its result is. */
export type Block = v.InferOutput<typeof Block>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readBlock = (json: string): Block => parseParamsJson(matmulManifest, Block, json);

/**
 * What a unit multiplies: A int8 [rows, k] and B int8 [k, columns].
 * @throws {ReckonError} KERNEL_PARAMS_INVALID, KERNEL_INPUT_MISSING, TENSOR_INVALID, TENSOR_TYPE or TENSOR_SHAPE
 */
export function readFactors({ params, blobs }: UnitInput): { block: Block; a: Matrix; b: Matrix } {
  const block = readBlock(params);
  const a = readMatrix('a', requireBlob(matmulManifest, blobs, 'a'), 'int8');
  const b = readMatrix('b', requireBlob(matmulManifest, blobs, 'b'), 'int8');
  checkInner(a, b, MAX_K);
  checkOuter(a, b, block.rows, block.columns);
  const bytesPerElement = BYTES_PER_ELEMENT;
  checkProductSize(matmulManifest, { ...block, inner: a.shape[1], bytesPerElement });
  return { block, a, b };
}
