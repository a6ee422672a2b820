import type { MessageSide } from './endpoint.ts';

/** The part of DedicatedWorkerGlobalScope used here; the package is typed with the page's DOM. */
interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** A browser worker's own end. Only for worker entries. */
export function scopeSide(): MessageSide {
  const scope = globalThis as unknown as WorkerScope;
  return {
    postMessage: (message, transfer) => scope.postMessage(message, transfer),
    onMessage: (receive) => scope.addEventListener('message', (event) => receive(event.data)),
  };
}
