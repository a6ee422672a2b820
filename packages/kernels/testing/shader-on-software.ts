import { createGpu } from '../src/gpu/device.ts';
import type { KernelImplementation } from '../src/kernel.ts';
import { shaderKernelOn } from '../src/kernels/custom-wgsl/run.ts';
import { softwareGpu } from './software-gpu.ts';

export { noSoftwareGpu } from './software-gpu.ts';

let made: Promise<KernelImplementation> | undefined;

/** `custom-wgsl` on SwiftShader, once for each test file: a live device keeps a core busy. */
export function softwareKernel(): Promise<KernelImplementation> {
  made ??= softwareGpu().then((lease) => {
    const { guard } = createGpu({ gpu: undefined, windows: false });
    return shaderKernelOn({ barred: false, onLost: undefined, acquire: async () => lease, guard });
  });
  return made;
}
