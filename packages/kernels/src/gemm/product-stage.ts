import type { NamedPart } from '@reckon/protocol/base/named-parts';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import type { KernelPlan, Preview } from '../kernel.ts';
import { parseParamsJson, whole } from '../params.ts';
import { checkUnitCount, unitCost } from '../plan.ts';
import type { Matrix } from '../tensor/matrix.ts';
import { mergeRows, missingRows, rowCounts } from '../tensor/merge-rows.ts';
import { decodeNpy, encodeNpy } from '../tensor/npy.ts';
import { sliceRows } from '../tensor/tensor.ts';
import { checkProductSize } from './product-units.ts';

/** A product as an order brings it: A is cut by rows, every unit reads all of B. */
interface Product {
  /** Rows of A in a unit. */
  rows: number;
  a: Matrix;
  b: Matrix;
  /** B's file as it came. */
  right: Uint8Array;
  /** See `ProductSize`. */
  bytesPerElement: number;
}

export const MAX_SIDE = 1_000_000;
const Stage = v.strictObject({ total: whole(1, MAX_SIDE), rows: whole(1, 4096), columns: whole(1, MAX_SIDE) });

/**
 * Blocks of rows of A, each with all of B. `describe` is given the rows of each unit once these are known to be allowed, and
 * gives the parameters of unit i.
 * @throws {ReckonError} KERNEL_PARAMS_INVALID
 */
export function planProduct(
  manifest: KernelManifest,
  { rows, a, b, right, bytesPerElement }: Product,
  describe: (counts: readonly number[]) => (i: number) => object,
): KernelPlan {
  const [total, inner] = a.shape;
  const columns = b.shape[1];
  const counts = rowCounts(total, rows);
  const most = Math.min(rows, total);
  checkUnitCount(manifest, 'rows', rows, counts.length);
  checkProductSize(manifest, { rows: most, inner, columns, bytesPerElement });
  const paramsOf = describe(counts);
  return {
    units: counts.map((count, i) => ({
      params: JSON.stringify(paramsOf(i)),
      blobs: [{ name: 'a', bytes: encodeNpy(sliceRows(a, i * rows, i * rows + count)) }],
    })),
    shared: [{ name: 'b', bytes: right }],
    stageParams: JSON.stringify({ total, rows, columns } satisfies v.InferInput<typeof Stage>),
    ...unitCost((2 * most * inner * columns) / 1e9),
  };
}

/** The product's rows as one `c.npy`, and which are missing. @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function mergeProduct(
  manifest: KernelManifest,
  stageParams: string,
  results: readonly (Uint8Array | undefined)[],
): NamedPart[] {
  const { total, rows } = parseParamsJson(manifest, Stage, stageParams);
  const counts = rowCounts(total, rows);
  const merged = mergeRows(
    counts.map((_, i) => results[i] && decodeNpy('result', results[i])),
    counts,
  );
  const product = merged === undefined ? [] : [{ name: 'c.npy', bytes: encodeNpy(merged) }];
  return [...product, ...missingRows(results, counts)];
}

export const previewProduct = ({ rows, columns }: { rows: number; columns: number }): Preview => ({
  kind: 'text',
  text: `${rows} rows of a matrix product with ${columns} columns`,
});
