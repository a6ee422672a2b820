import type { KernelImplementation } from './kernel.ts';
import { unknownKernel } from './rules.ts';

/**
 * Loads the heavy half of the kernel named `id@version`, in a browser's worker or in Node.
 * @throws {ReckonError} KERNEL_UNKNOWN, KERNEL_VERSION_UNKNOWN
 */
export async function loadKernel(name: string): Promise<KernelImplementation> {
  switch (name) {
    case 'onnx@1.1.0':
      return (await import('./kernels/onnx/run.ts')).onnxKernel;
    case 'matmul-i8@1.1.0':
      return (await import('./kernels/matmul-i8/run.ts')).matmulKernel;
    case 'matmul-f32@1.0.0':
      return (await import('./kernels/matmul-f32/run.ts')).matmulF32Kernel;
    case 'mandelbrot@1.0.0':
      return (await import('./kernels/mandelbrot/run.ts')).mandelbrotKernel;
    case 'monte-carlo@1.0.0':
      return (await import('./kernels/monte-carlo/run.ts')).monteCarloKernel;
    case 'hash-search@1.0.0':
      return (await import('./kernels/hash-search/run.ts')).hashSearchKernel;
    case 'n-body@1.0.0':
      return (await import('./kernels/n-body/run.ts')).nBodyKernel;
    case 'custom-wasm@1.0.0':
      return (await import('./kernels/custom-wasm/run.ts')).customWasmKernel;
    case 'custom-wgsl@1.0.0':
      return (await import('./kernels/custom-wgsl/run.ts')).customWgslKernel;
    case 'render@1.0.0':
      return (await import('./kernels/render/run.ts')).renderKernel;
    default:
      throw unknownKernel(name);
  }
}
