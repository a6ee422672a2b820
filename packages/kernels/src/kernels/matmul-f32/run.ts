import { gpuOrWasm } from '../../gpu/gpu-or-wasm.ts';
import type { KernelImplementation } from '../../kernel.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import { matmulF32Manifest } from './manifest.ts';
import { readFactors } from './params.ts';
import { multiplyOnWasm } from './wasm.ts';
import { multiplyOnGpu } from './webgpu.ts';

/** Result: the product's rows as .npy float32. */
export const matmulF32Kernel: KernelImplementation = {
  manifest: matmulF32Manifest,
  async run(input, context) {
    const { a, b } = readFactors(input);
    const shape = [a.shape[0], b.shape[1]] as const;
    const toResult = (data: Uint8Array) => encodeNpy({ dtype: 'float32', shape, data });
    return gpuOrWasm(
      context,
      async (lease) => {
        const { buffer, byteOffset, byteLength } = await multiplyOnGpu(lease, a, b, context);
        return { bytes: toResult(new Uint8Array(buffer, byteOffset, byteLength)), device: lease.name };
      },
      async () => ({ bytes: toResult(await multiplyOnWasm(a, b, context)), device: 'WASM SIMD' }),
    );
  },
};
