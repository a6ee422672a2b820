import type { KernelWorker } from './kernel-worker.ts';

/** Spawns the product's kernel worker from a page or another worker. */
export const spawnBrowserWorker = (): KernelWorker =>
  adaptBrowserWorker(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'reckon-kernel' }));

/** A Web Worker as the pool sees it. */
export function adaptBrowserWorker(worker: Worker): KernelWorker {
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    onMessage(receive) {
      worker.onmessage = (event) => receive(event.data);
    },
    onError(failed) {
      worker.onerror = (event) => {
        event.preventDefault();
        failed({ kind: 'crashed', cause: event.message || 'the worker could not be loaded' });
      };
      worker.onmessageerror = () => failed({ kind: 'crashed', cause: 'a message of the worker could not be read' });
    },
    terminate() {
      worker.onmessage = null;
      worker.onerror = null;
      worker.onmessageerror = null;
      worker.terminate();
    },
  };
}
