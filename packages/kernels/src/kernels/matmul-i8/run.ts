import { gpuOrWasm } from '../../gpu/gpu-or-wasm.ts';
import type { KernelImplementation } from '../../kernel.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import { matmulChunks } from './chunks.ts';
import { matmulManifest } from './manifest.ts';
import { readFactors } from './params.ts';
import { multiplyOnWasm } from './wasm.ts';
import { multiplyOnGpu } from './webgpu.ts';

/** Result: the product's rows as .npy int32. */
export const matmulKernel: KernelImplementation = {
  manifest: matmulManifest,
  chunks: matmulChunks,
  async run(input, context) {
    const { a, b } = readFactors(input);
    const shape = [a.shape[0], b.shape[1]] as const;
    const toResult = (c: Int32Array) =>
      encodeNpy({ dtype: 'int32', shape, data: new Uint8Array(c.buffer, c.byteOffset, c.byteLength) });
    return gpuOrWasm(
      context,
      async (lease) => ({ bytes: toResult(await multiplyOnGpu(lease, a, b, context)), device: lease.name }),
      async () => ({ bytes: toResult(await multiplyOnWasm(a, b, context)), device: 'WASM SIMD' }),
    );
  },
};
