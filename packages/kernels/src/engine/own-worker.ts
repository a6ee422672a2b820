import { loadKernel } from '../registry.ts';
import { serveKernels } from './serve.ts';
import { scopeSide } from './worker-scope.ts';

/** Entry of a browser's worker for our own kernels; spawned by `worker-browser.ts`, served with `OWN_POLICY`. */
serveKernels(scopeSide(), loadKernel, 'own');
