import { parentSide } from '@reckon/kernels/engine/worker-node-side';
import { findWebGpu, installWebGpu } from './node-gpu.ts';

/** Entry of a kernel worker in Node that has WebGPU; spawned by `run-shader.ts`. */

const side = parentSide();
const module = findWebGpu();
if (module !== undefined) await installWebGpu(module);
// Only now: the kernels take the GPU that is there when they are loaded.
const [{ serveKernels }, { loadKernel }] = await Promise.all([
  import('@reckon/kernels/engine/serve'),
  import('@reckon/kernels/registry'),
]);
serveKernels(side, loadKernel, 'guest');
