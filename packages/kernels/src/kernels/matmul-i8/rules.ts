import { equalBytes } from '@reckon/protocol/base/bytes';
import * as v from 'valibot';
import { checkProductSize, productBytes } from '../../gemm/product-units.ts';
import type { KernelRules } from '../../kernel.ts';
import { declaredNumber, parseParams, reasonOf, requireInput } from '../../params.ts';
import { checkUnitCount, unitCost } from '../../plan.ts';
import { checkInner, readMatrix } from '../../tensor/matrix.ts';
import { mergeRows, missingRows, rowCounts } from '../../tensor/merge-rows.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { describeTensor, sliceRows } from '../../tensor/tensor.ts';
import { matmulChunks } from './chunks.ts';
import { matmulManifest } from './manifest.ts';
import { BYTES_PER_ELEMENT, MAX_K, readBlock, readStage } from './params.ts';

const Params = v.strictObject({ rows: declaredNumber(matmulManifest, 'rows') });

/** Loaded when first needed, since it brings WASM; kept, since even a repeated import costs as much as a small check. */
let checker: Promise<typeof import('./check.ts')> | undefined;

/** Blocks of rows of A in, the product's rows out. */
export const matmulRules: KernelRules = {
  manifest: matmulManifest,
  split(params, inputs) {
    const { rows } = parseParams(matmulManifest, Params, params);
    const a = readMatrix('a', requireInput(matmulManifest, inputs, 'a').bytes, 'int8');
    const right = requireInput(matmulManifest, inputs, 'b').bytes;
    const b = readMatrix('b', right, 'int8');
    checkInner(a, b, MAX_K);
    const [total, inner] = a.shape;
    const columns = b.shape[1];
    const counts = rowCounts(total, rows);
    checkUnitCount(matmulManifest, 'rows', rows, counts.length);
    const bytesPerElement = BYTES_PER_ELEMENT;
    checkProductSize(matmulManifest, { rows: Math.min(rows, total), inner, columns, bytesPerElement });
    return {
      units: counts.map((count, i) => ({
        params: JSON.stringify({ rows: count, columns }),
        blobs: [{ name: 'a', bytes: encodeNpy(sliceRows(a, i * rows, i * rows + count)) }],
      })),
      shared: [{ name: 'b', bytes: right }],
      stageParams: JSON.stringify({ total, rows, columns }),
      ...unitCost((2 * Math.min(rows, total) * inner * columns) / 1e9),
    };
  },
  resultBytes(params) {
    const { rows, columns } = readBlock(params);
    return productBytes(rows, columns);
  },
  inspect: (params, result) =>
    reasonOf(() => {
      const { rows, columns } = readBlock(params);
      const received = describeTensor(decodeNpy('result', result));
      const expected = describeTensor({ dtype: 'int32', shape: [rows, columns] });
      return received === expected ? undefined : `expected ${expected}, got ${received}`;
    }),
  agree: equalBytes,
  chunks: matmulChunks,
  async check(input, result, random) {
    checker ??= import('./check.ts');
    return (await checker).checkProduct(input, result, random);
  },
  merge(stageParams, results) {
    const { total, rows } = readStage(stageParams);
    const counts = rowCounts(total, rows);
    const tensors = counts.map((_, i) => results[i] && decodeNpy('result', results[i]));
    const merged = mergeRows(tensors, counts);
    const product = merged === undefined ? [] : [{ name: 'c.npy', bytes: encodeNpy(merged) }];
    return [...product, ...missingRows(results, counts)];
  },
  preview(params) {
    const { rows, columns } = readBlock(params);
    return { kind: 'text', text: `${rows} rows of a matrix product with ${columns} columns` };
  },
};
