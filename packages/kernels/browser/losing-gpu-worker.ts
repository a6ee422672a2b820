import type { MessageSide } from '../src/engine/endpoint.ts';
import { serveKernels } from '../src/engine/serve.ts';
import { loadKernel } from '../src/registry.ts';

/**
 * The product's worker on a GPU that is lost at the first submission, as when a driver resets; on every device, or on the
 * first only when the worker is named `once`.
 */

let devices = 0;
const once = (globalThis as unknown as { name: string }).name === 'once';

const requestDevice = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (descriptor) {
  const device = await requestDevice.call(this, descriptor);
  if (once && devices++ > 0) return device;
  const submit = device.queue.submit.bind(device.queue);
  device.queue.submit = (buffers) => {
    submit(buffers);
    device.destroy();
  };
  return device;
};

const scope = globalThis as unknown as Pick<Worker, 'postMessage' | 'addEventListener'>;
const side: MessageSide = {
  postMessage: (message, transfer) => scope.postMessage(message, transfer),
  onMessage: (receive) => scope.addEventListener('message', (event) => receive(event.data)),
};
serveKernels(side, loadKernel);
