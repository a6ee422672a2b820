import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import { checkProductSize } from '../../gemm/product-units.ts';
import { MAX_SIDE } from '../../gemm/product-stage.ts';
import type { UnitInput } from '../../kernel.ts';
import { parseParamsJson, requireBlob, whole } from '../../params.ts';
import { checkInner, checkOuter, type Matrix, readMatrix } from '../../tensor/matrix.ts';
import { checkRoom } from './bound.ts';
import { columnSquares, groupSize, readLengths, rowSquares, writeLengths } from './lengths.ts';
import { matmulF32Manifest } from './manifest.ts';

/** With longer sums the bound would let lazy results pass (README, "Matrix products"). */
export const MAX_K = 4096;
/** Groups whose lengths a unit carries, two characters each. */
export const MOST_GROUPS = { rows: 64, columns: 256 } as const;
/** On WASM both inputs lie beside the bytes they came as, and once more in the order they are read in. */
export const BYTES_PER_ELEMENT = 12;

/** Lengths by group (`lengths.ts`). */
const lengths = (most: number) => v.pipe(v.string(), v.maxLength(2 * most), v.regex(/^(?:[\w-]{2})+$/));
const evenly = (count: number, text: string) => {
  const groups = text.length / 2;
  return groups <= count && Math.ceil(count / groupSize(count, groups)) === groups;
};

const Block = v.pipe(
  v.strictObject({
    rows: whole(1, 4096),
    inner: whole(1, MAX_K),
    columns: whole(1, MAX_SIDE),
    /** How long A's rows and B's columns are: from these follows how far two results may lie apart (`bound.ts`). */
    rowLengths: lengths(MOST_GROUPS.rows),
    columnLengths: lengths(MOST_GROUPS.columns),
  }),
  v.check(
    ({ rows, columns, rowLengths, columnLengths }) => evenly(rows, rowLengths) && evenly(columns, columnLengths),
    'lengths of groups of equal size',
  ),
);
/** One work unit: how large its result is, and how near results of it are. */
export type Block = v.InferOutput<typeof Block>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export const readBlock = (json: string): Block => parseParamsJson(matmulF32Manifest, Block, json);

/** A · B must have sides that fit, the inner one at most 4,096. @throws {ReckonError} TENSOR_SHAPE */
export function checkSides(a: Matrix, b: Matrix): void {
  checkInner(a, b, MAX_K, '; cut both matrices along that side, multiply the parts, and add the products');
}

/**
 * What a unit multiplies: A float32 [rows, k] and B float32 [k, columns], whose lengths are those that the parameters say.
 * @throws {ReckonError} KERNEL_PARAMS_INVALID, KERNEL_INPUT_MISSING, TENSOR_INVALID, TENSOR_TYPE, TENSOR_SHAPE or TENSOR_VALUE
 */
export function readFactors({ params, blobs, digests }: UnitInput): { a: Matrix; b: Matrix } {
  const block = readBlock(params);
  const a = readMatrix('a', requireBlob(matmulF32Manifest, blobs, 'a'), 'float32');
  const b = readMatrix('b', requireBlob(matmulF32Manifest, blobs, 'b'), 'float32');
  checkSides(a, b);
  checkOuter(a, b, block.rows, block.columns);
  const { rows, inner, columns } = block;
  checkSame('inner', inner, a.shape[1]);
  checkProductSize(matmulF32Manifest, { rows, inner, columns, bytesPerElement: BYTES_PER_ELEMENT });
  const size = groupSize(rows, block.rowLengths.length / 2);
  checkSame('rowLengths', block.rowLengths, writeLengths(rowSquares('a', a), size));
  checkSame('columnLengths', block.columnLengths, columnLengths(block, b, digests?.get('b')));
  checkRoom(readLengths(block.rowLengths), readLengths(block.columnLengths));
  return { a, b };
}

/** Those of the last B, which other units of its stage read too. */
let known: { key: string; text: string } | undefined;

/** `digest`: of B's bytes, when it is known. */
function columnLengths(block: Block, b: Matrix, digest: string | undefined): string {
  const size = groupSize(block.columns, block.columnLengths.length / 2);
  const key = `${digest} ${size}`;
  if (digest !== undefined && known?.key === key) return known.text;
  const text = writeLengths(columnSquares('b', b), size);
  known = { key, text };
  return text;
}

/** A requester who names another bound than the matrices give could have right results outvoted, or any accepted. */
function checkSame(path: string, received: string | number, expected: string | number): void {
  if (received === expected) return;
  throw new ReckonError('KERNEL_PARAMS_INVALID', {
    kernel: kernelName(matmulF32Manifest),
    path,
    expected: `${short(expected)}, as the matrices have it`,
    received: short(received),
  });
}

const short = (value: string | number): string => {
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
};
