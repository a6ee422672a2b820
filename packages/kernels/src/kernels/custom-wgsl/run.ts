import { ReckonError } from '@reckon/protocol/base/errors';
import { packParts } from '@reckon/protocol/base/named-parts';
import { type Gpu, gpu } from '../../gpu/device.ts';
import type { KernelImplementation } from '../../kernel.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import { customWgslManifest } from './manifest.ts';
import { DTYPE_OF, readUnit, resultShape } from './params.ts';
import { readShaderJob } from './shader-job.ts';
import { runShader } from './webgpu.ts';

/** The kernel on a given thread's GPU. Result: the outputs in the manifest's order, packed .npy parts. */
export const shaderKernelOn = (device: Gpu): KernelImplementation => ({
  manifest: customWgslManifest,
  async run({ params, blobs }, context) {
    const unit = readUnit(params);
    const job = readShaderJob(unit, blobs);
    context.signal.throwIfAborted();
    if (context.backend !== 'webgpu') throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'WebGPU' });
    const lease = await device.acquire();
    const outputs = await device.guard(lease, () => runShader(lease, job, context));
    const parts = unit.outputs.map((output, i) => ({
      name: output.name,
      bytes: encodeNpy({
        dtype: DTYPE_OF[output.type],
        shape: resultShape(output, unit.rows),
        data: outputs[i] as Uint8Array,
      }),
    }));
    return { bytes: packParts(parts), device: lease.name };
  },
});

export const customWgslKernel: KernelImplementation = shaderKernelOn(gpu);
