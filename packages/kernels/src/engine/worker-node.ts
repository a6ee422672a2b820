import { Worker } from 'node:worker_threads';
import type { KernelWorker, WorkerFailure, WorkerKind } from './kernel-worker.ts';

/** Between two looks at a worker's memory. */
const WATCH_MS = 100;
/**
 * What a worker's heap may gain until the next look. Without it V8 meets its own limit first, and a heap that is full when
 * the thread is taken down can abort the whole process ("Reached heap limit", Node 26).
 */
const HEADROOM_MB = 256;

export interface NodeWorkerOptions {
  /** Memory of one worker: JavaScript objects and buffers, not WebAssembly's. */
  limitBytes: number;
  /** Its entry; the product's unless a test brings another. */
  entry?: URL;
}

/**
 * Spawns kernel workers on Node's threads. Nothing seals them as a browser's content policy does: what keeps a guest from the
 * network there is that it is WebAssembly or a model, with no JavaScript and no imports but those it is given. The thread
 * sees no environment, where keys are, no arguments and no standard input.
 */
export const spawnNodeWorker =
  ({ limitBytes, entry = new URL('./worker-entry-node.ts', import.meta.url) }: NodeWorkerOptions) =>
  (kind: WorkerKind): KernelWorker => {
    const maxOldGenerationSizeMb = Math.ceil(limitBytes / 2 ** 20) + HEADROOM_MB;
    const worker = new Worker(entry, {
      name: `reckon-${kind}`,
      workerData: { kind },
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      resourceLimits: { maxOldGenerationSizeMb },
    });
    let ended = false;
    let failed: (failure: WorkerFailure) => void = () => undefined;
    const end = (failure: WorkerFailure) => {
      if (ended) return;
      ended = true;
      clearInterval(watch);
      failed(failure);
      void worker.terminate();
    };
    // resourceLimits bounds only the JavaScript heap; buffers lie outside it. WASM memory is in neither: see bounded-memory.ts.
    const watch = setInterval(() => {
      worker.getHeapStatistics().then(
        ({ external_memory: external, used_heap_size: heap }) => {
          if (external + heap > limitBytes) end({ kind: 'memory', limitBytes });
        },
        // The worker is starting or ending; its end is told by the events below.
        () => undefined,
      );
    }, WATCH_MS);
    watch.unref();
    worker.on('error', (error: NodeJS.ErrnoException) => {
      end(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? { kind: 'memory', limitBytes }
          : { kind: 'crashed', cause: `${error.name}: ${error.message}` },
      );
    });
    worker.on('messageerror', () => end({ kind: 'crashed', cause: 'a message of the worker could not be read' }));
    worker.on('exit', (code) => end({ kind: 'crashed', cause: `the thread ended with code ${code}` }));
    return {
      postMessage: (message, transfer) => worker.postMessage(message, transfer),
      onMessage: (receive) => worker.on('message', receive),
      onError: (listener) => {
        failed = listener;
      },
      terminate() {
        ended = true;
        clearInterval(watch);
        void worker.terminate();
      },
    };
  };
