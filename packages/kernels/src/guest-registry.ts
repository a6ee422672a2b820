import type { KernelImplementation } from './kernel.ts';
import { customWasmKernel } from './kernels/custom-wasm/run.ts';
import { customWgslKernel } from './kernels/custom-wgsl/run.ts';
import { onnxKernel } from './kernels/onnx/run.ts';
import { unknownKernel } from './rules.ts';

/**
 * The kernels that run a requester's program, for the guests' worker of browsers. Not lazily: that worker can load nothing.
 * @throws {ReckonError} KERNEL_UNKNOWN, KERNEL_VERSION_UNKNOWN
 */
export async function loadGuestKernel(name: string): Promise<KernelImplementation> {
  switch (name) {
    case 'onnx@1.1.0':
      return onnxKernel;
    case 'custom-wasm@1.0.0':
      return customWasmKernel;
    case 'custom-wgsl@1.0.0':
      return customWgslKernel;
    default:
      throw unknownKernel(name);
  }
}
