import type { Endpoint } from 'comlink';

/** Either end of a worker, from whichever side. */
export interface MessageSide {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  onMessage(receive: (message: unknown) => void): void;
}

/** A comlink endpoint over one end of a worker. Its listeners see every message and ignore those that are not comlink's. */
export function toEndpoint(side: MessageSide): Endpoint {
  const listeners = new Set<(event: MessageEvent) => void>();
  side.onMessage((data) => {
    for (const listener of [...listeners]) listener({ data } as MessageEvent);
  });
  return {
    postMessage: (message, transfer) => side.postMessage(message, (transfer ?? []) as ArrayBuffer[]),
    addEventListener: (_type, listener) => listeners.add(listener as (event: MessageEvent) => void),
    removeEventListener: (_type, listener) => listeners.delete(listener as (event: MessageEvent) => void),
  };
}
