import { loadKernel } from '../registry.ts';
import { serveKernels } from './serve.ts';

/** Entry of a browser's kernel worker; spawned by `worker-browser.ts`. */

/** The part of DedicatedWorkerGlobalScope used here; the package is typed with the page's DOM. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

const scope = globalThis as unknown as WorkerScope;
serveKernels(
  {
    postMessage: (message, transfer) => scope.postMessage(message, transfer),
    onMessage: (receive) => scope.addEventListener('message', (event) => receive(event.data)),
  },
  loadKernel,
);
