import { gpuOrWasm } from '../../gpu/gpu-or-wasm.ts';
import type { KernelImplementation } from '../../kernel.ts';
import { readField } from './bodies.ts';
import { encodeField } from './field.ts';
import { nBodyManifest } from './manifest.ts';
import { fieldPreview } from './picture.ts';
import { fieldOnWasm } from './wasm.ts';
import { fieldOnGpu } from './webgpu.ts';

/** Result: .npy float32, see field.ts. */
export const nBodyKernel: KernelImplementation = {
  manifest: nBodyManifest,
  async run(input, context) {
    const { unit, bodies } = readField(input);
    context.progress(0, fieldPreview(unit, bodies));
    const toOutput = (field: Float64Array, device: string) => {
      context.signal.throwIfAborted();
      context.progress(1, fieldPreview(unit, bodies, field));
      return { bytes: encodeField(unit, bodies, field), device };
    };
    return gpuOrWasm(
      context,
      async (lease) => toOutput(await fieldOnGpu(lease, unit, bodies, context), lease.name),
      async () => toOutput(await fieldOnWasm(unit, bodies, context), 'WASM SIMD'),
    );
  },
};
