import { ReckonError } from '../src/base/errors.ts';
import { MAX_CHANNEL_MESSAGE_BYTES, type WorkChannel } from '../src/base/ports.ts';

type Data = string | Uint8Array;

/** Delivered one microtask later, so that no timer starves under load. */
const soon = (run: () => void): void => void Promise.resolve().then(run);

const sizeOf = (data: Data): number => (typeof data === 'string' ? new TextEncoder().encode(data).length : data.length);

interface End {
  channel: WorkChannel;
  arrive(data: Data): void;
  finish(reason: string): void;
}

function createEnd(other: () => End): End {
  let receive: ((data: Data) => void) | undefined;
  let closed: ((reason: string) => void) | undefined;
  let ended: string | undefined;
  let buffered = 0;
  let waiting: Data[] = [];
  let waiters: { bytes: number; resolve(): void; reject(error: unknown): void }[] = [];
  const gone = (reason: string) => new ReckonError('CHANNEL_CLOSED', { reason });
  function finish(reason: string): void {
    if (ended !== undefined) return;
    ended = reason;
    for (const waiter of waiters) waiter.reject(gone(reason));
    waiters = [];
    closed?.(reason);
  }
  function left(bytes: number): void {
    buffered -= bytes;
    const done = waiters.filter((waiter) => buffered <= waiter.bytes);
    waiters = waiters.filter((waiter) => buffered > waiter.bytes);
    for (const waiter of done) waiter.resolve();
  }
  const channel: WorkChannel = {
    kind: 'memory',
    get bufferedAmount() {
      return buffered;
    },
    send(data) {
      if (ended !== undefined) throw gone(ended);
      const sizeBytes = sizeOf(data);
      if (sizeBytes > MAX_CHANNEL_MESSAGE_BYTES) {
        throw new ReckonError('MESSAGE_TOO_LARGE', { limitBytes: MAX_CHANNEL_MESSAGE_BYTES, sizeBytes });
      }
      const copy = typeof data === 'string' ? data : data.slice();
      buffered += sizeBytes;
      soon(() => {
        left(sizeBytes);
        other().arrive(copy);
      });
    },
    drained(bytes) {
      if (ended !== undefined) return Promise.reject(gone(ended));
      if (buffered <= bytes) return Promise.resolve();
      return new Promise((resolve, reject) => waiters.push({ bytes, resolve, reject }));
    },
    onMessage(handler) {
      receive = handler;
      const queued = waiting;
      waiting = [];
      for (const data of queued) handler(data);
    },
    onClose(handler) {
      closed = handler;
      if (ended !== undefined) soon(() => handler(ended as string));
    },
    close(reason = 'closed') {
      if (ended !== undefined) return;
      finish(reason);
      soon(() => other().finish(reason));
    },
  };
  return {
    channel,
    finish,
    arrive(data) {
      if (ended !== undefined) return;
      if (receive === undefined) waiting.push(data);
      else receive(data);
    },
  };
}

/** Two ends of one channel in memory. Bytes are copied, as a network would. */
export function createMemoryChannels(): { near: WorkChannel; far: WorkChannel } {
  const near: End = createEnd(() => far);
  const far: End = createEnd(() => near);
  return { near: near.channel, far: far.channel };
}
