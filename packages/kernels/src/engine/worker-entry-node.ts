import { workerData } from 'node:worker_threads';
import { loadKernel } from '../registry.ts';
import type { WorkerKind } from './kernel-worker.ts';
import { serveKernels } from './serve.ts';
import { parentSide } from './worker-node-side.ts';

/** Entry of a kernel worker in Node; spawned by `worker-node.ts`. */
serveKernels(parentSide(), loadKernel, (workerData as { kind: WorkerKind }).kind);
