import { ReckonError } from '@reckon/protocol/base/errors';
import { gpuOrWasm } from '../../gpu/gpu-or-wasm.ts';
import type { KernelImplementation } from '../../kernel.ts';
import { requireBlob } from '../../params.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import { matmulManifest } from './manifest.ts';
import { checkInner, readBlock, readMatrix } from './params.ts';
import { multiplyOnWasm } from './wasm.ts';
import { multiplyOnGpu } from './webgpu.ts';

/** Result: the product's rows as .npy int32. */
export const matmulKernel: KernelImplementation = {
  manifest: matmulManifest,
  async run(input, context) {
    const block = readBlock(input.params);
    const a = readMatrix('a', requireBlob(matmulManifest, input.blobs, 'a'));
    const b = readMatrix('b', requireBlob(matmulManifest, input.blobs, 'b'));
    checkInner(a, b);
    const shape = [a.shape[0], b.shape[1]] as const;
    if (shape[0] !== block.rows || shape[1] !== block.columns) {
      const expected = `a product of [${block.rows}, ${block.columns}]`;
      throw new ReckonError('TENSOR_SHAPE', { input: 'a', expected, received: `[${shape.join(', ')}]` });
    }
    const toResult = (c: Int32Array) =>
      encodeNpy({ dtype: 'int32', shape, data: new Uint8Array(c.buffer, c.byteOffset, c.byteLength) });
    return gpuOrWasm(
      context,
      async (lease) => ({ bytes: toResult(await multiplyOnGpu(lease, a, b, context)), device: lease.name }),
      async () => ({ bytes: toResult(await multiplyOnWasm(a, b, context)), device: 'WASM SIMD' }),
    );
  },
};
