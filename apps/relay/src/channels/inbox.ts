import { ReckonError } from '@reckon/protocol/base/errors';

type Data = string | Uint8Array;

/** What all channel adapters share: messages wait for a late handler, the end is told exactly once. */
export function createInbox() {
  let receive: ((data: Data) => void) | undefined;
  let closed: ((reason: string) => void) | undefined;
  let queue: Data[] = [];
  let ended: string | undefined;
  let waiters: { bytes: number; resolve(): void; reject(error: unknown): void }[] = [];

  return {
    get ended(): string | undefined {
      return ended;
    },
    deliver(data: Data): void {
      if (ended !== undefined) return;
      if (receive === undefined) queue.push(data);
      else receive(data);
    },
    end(reason: string): void {
      if (ended !== undefined) return;
      ended = reason;
      for (const waiter of waiters) waiter.reject(new ReckonError('CHANNEL_CLOSED', { reason }));
      waiters = [];
      closed?.(reason);
    },
    /** Resolves once `settle` is called with a buffer of at most `bytes`. */
    drained(bytes: number, buffered: number): Promise<void> {
      if (ended !== undefined) return Promise.reject(new ReckonError('CHANNEL_CLOSED', { reason: ended }));
      if (buffered <= bytes) return Promise.resolve();
      return new Promise((resolve, reject) => waiters.push({ bytes, resolve, reject }));
    },
    /** The smallest buffer anybody waits for; undefined when nobody does. */
    awaited: (): number | undefined => (waiters.length === 0 ? undefined : Math.max(...waiters.map((w) => w.bytes))),
    settle(buffered: number): void {
      const done = waiters.filter((waiter) => buffered <= waiter.bytes);
      if (done.length === 0) return;
      waiters = waiters.filter((waiter) => buffered > waiter.bytes);
      for (const waiter of done) waiter.resolve();
    },
    onMessage(handler: (data: Data) => void): void {
      receive = handler;
      const waiting = queue;
      queue = [];
      for (const data of waiting) handler(data);
    },
    onClose(handler: (reason: string) => void): void {
      closed = handler;
      if (ended !== undefined) queueMicrotask(() => handler(ended as string));
    },
  };
}
