import type { MessageSide } from '../src/engine/endpoint.ts';
import { serveKernels } from '../src/engine/serve.ts';
import { loadHostileKernel } from '../testing/hostile-kernels.ts';

/** A browser's worker with the hostile kernels. */

const scope = globalThis as unknown as Pick<Worker, 'postMessage' | 'addEventListener'>;
const side: MessageSide = {
  postMessage: (message, transfer) => scope.postMessage(message, transfer),
  onMessage: (receive) => scope.addEventListener('message', (event) => receive(event.data)),
};
serveKernels(side, loadHostileKernel);
