import { type MessagePort, parentPort } from 'node:worker_threads';
import type { MessageSide } from './endpoint.ts';

/** The worker's own end. Only for worker entries: anywhere else there is no parent. */
export function parentSide(): MessageSide {
  const port = parentPort as MessagePort;
  return {
    postMessage: (message, transfer) => port.postMessage(message, transfer),
    onMessage: (receive) => port.on('message', receive),
  };
}
