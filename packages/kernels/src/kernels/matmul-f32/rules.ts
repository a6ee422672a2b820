import * as v from 'valibot';
import { checkProductSize, productBytes } from '../../gemm/product-units.ts';
import type { KernelRules } from '../../kernel.ts';
import { attempt, declaredNumber, parseParams, reasonOf, requireInput } from '../../params.ts';
import { checkUnitCount, unitCost } from '../../plan.ts';
import { checkInner, readMatrix } from '../../tensor/matrix.ts';
import { mergeRows, missingRows, rowCounts } from '../../tensor/merge-rows.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { describeTensor, sliceRows, toNumbers } from '../../tensor/tensor.ts';
import { boundOf, columnSize, largest, rowSizes } from './bound.ts';
import { matmulF32Manifest } from './manifest.ts';
import { MAX_K, readBlock, readStage } from './params.ts';

const Params = v.strictObject({ rows: declaredNumber(matmulF32Manifest, 'rows') });

/** Blocks of rows of A in, the product's rows out. */
export const matmulF32Rules: KernelRules = {
  manifest: matmulF32Manifest,
  split(params, inputs) {
    const { rows } = parseParams(matmulF32Manifest, Params, params);
    const a = readMatrix('a', requireInput(matmulF32Manifest, inputs, 'a').bytes, 'float32');
    const right = requireInput(matmulF32Manifest, inputs, 'b').bytes;
    const b = readMatrix('b', right, 'float32');
    checkInner(a, b, MAX_K);
    const [total, inner] = a.shape;
    const columns = b.shape[1];
    const counts = rowCounts(total, rows);
    checkUnitCount(matmulF32Manifest, 'rows', rows, counts.length);
    // On WASM both inputs lie beside the bytes they came as, and once more in the order they are read in.
    checkProductSize(matmulF32Manifest, { rows: Math.min(rows, total), inner, columns, bytesPerElement: 12 });
    const [lefts, column] = [rowSizes('a', a), columnSize('b', b)];
    return {
      units: counts.map((count, i) => {
        const bound = boundOf(inner, largest(lefts.slice(i * rows, i * rows + count)), column);
        return {
          params: JSON.stringify({ rows: count, columns, bound }),
          blobs: [{ name: 'a', bytes: encodeNpy(sliceRows(a, i * rows, i * rows + count)) }],
        };
      }),
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
      const tensor = decodeNpy('result', result);
      const [received, expected] = [
        describeTensor(tensor),
        describeTensor({ dtype: 'float32', shape: [rows, columns] }),
      ];
      if (received !== expected) return `expected ${expected}, got ${received}`;
      const values = toNumbers(tensor);
      for (let at = 0; at < values.length; at++) {
        if (Number.isFinite(values[at])) continue;
        return `row ${Math.floor(at / columns)}, column ${at % columns} is ${values[at]}`;
      }
      return undefined;
    }),
  agree(a, b, params) {
    const numbers = attempt(() => ({ ...readBlock(params), left: decodeNpy('a', a), right: decodeNpy('b', b) }));
    if (numbers === undefined || describeTensor(numbers.left) !== describeTensor(numbers.right)) return false;
    const [left, right] = [toNumbers(numbers.left), toNumbers(numbers.right)];
    for (let i = 0; i < left.length; i++) {
      // NaN is within no bound.
      if (!(Math.abs((left[i] as number) - (right[i] as number)) <= numbers.bound)) return false;
    }
    return true;
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
