import { equalBytes } from '@reckon/protocol/base/bytes';
import * as v from 'valibot';
import { mergeProduct, planProduct, previewProduct } from '../../gemm/product-stage.ts';
import { productBytes } from '../../gemm/product-units.ts';
import type { KernelRules } from '../../kernel.ts';
import { declaredNumber, parseParams, reasonOf, requireInput } from '../../params.ts';
import { checkInner, readMatrix } from '../../tensor/matrix.ts';
import { decodeNpy } from '../../tensor/npy.ts';
import { describeTensor } from '../../tensor/tensor.ts';
import { matmulChunks } from './chunks.ts';
import { matmulManifest } from './manifest.ts';
import { BYTES_PER_ELEMENT, MAX_K, readBlock } from './params.ts';

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
    const columns = b.shape[1];
    const product = { rows, a, b, right, bytesPerElement: BYTES_PER_ELEMENT };
    return planProduct(matmulManifest, product, (counts) => (i) => ({ rows: counts[i], columns }));
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
  merge: (stageParams, results) => mergeProduct(matmulManifest, stageParams, results),
  preview: (params) => previewProduct(readBlock(params)),
};
