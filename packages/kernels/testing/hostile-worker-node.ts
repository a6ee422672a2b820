import { serveKernels } from '../src/engine/serve.ts';
import { parentSide } from '../src/engine/worker-node-side.ts';
import { loadHostileKernel } from './hostile-kernels.ts';

/** Worker entry with the hostile kernels; the product cannot reach it. */
serveKernels(parentSide(), loadHostileKernel);
