import { ReckonError } from '@reckon/protocol/base/errors';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { createInbox } from './inbox.ts';
import { guardSend } from './send-guard.ts';

/** How often a full socket is looked at again; WebSocket has no event for it. */
const POLL_MS = 10;

/**
 * Opens a WebSocket to a relay; works in pages, workers and Node.
 * @param url `ws:` or `wss:`.
 * @throws {ReckonError} CHANNEL_UNAVAILABLE when it does not open; the signal's reason when aborted.
 */
export async function connectWebSocket(url: string, signal?: AbortSignal): Promise<WorkChannel> {
  signal?.throwIfAborted();
  const socket = new WebSocket(url);
  const channel = adaptWebSocket(socket);
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: string) =>
      reject(new ReckonError('CHANNEL_UNAVAILABLE', { tried: `WebSocket ${url}`, cause }));
    const giveUp = () => {
      socket.close();
      reject(signal?.reason);
    };
    socket.addEventListener(
      'open',
      () => {
        // The signal is for opening: an attempt's time runs out later, and must not end the open connection.
        signal?.removeEventListener('abort', giveUp);
        resolve();
      },
      { once: true },
    );
    socket.addEventListener('error', () => fail('It could not be opened.'), { once: true });
    socket.addEventListener('close', (event) => fail(`It closed with code ${event.code}.`), { once: true });
    signal?.addEventListener('abort', giveUp, { once: true });
  });
  return channel;
}

/** A WebSocket, opening or open, as a WorkChannel; one of the `ws` package serves as well. */
export function adaptWebSocket(socket: WebSocket): WorkChannel {
  const inbox = createInbox();
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
    inbox.deliver(typeof event.data === 'string' ? event.data : new Uint8Array(event.data));
  });
  socket.addEventListener('close', (event) => inbox.end(event.reason || `closed with code ${event.code}`));
  return {
    kind: 'websocket',
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(data) {
      guardSend(data, inbox.closed);
      socket.send(data as string | Uint8Array<ArrayBuffer>);
    },
    async drained(bytes) {
      while (inbox.closed === undefined && socket.bufferedAmount > bytes) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      if (inbox.closed !== undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: inbox.closed });
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close(reason = 'closed here') {
      if (!inbox.end(reason)) return;
      socket.close(1000, reason.slice(0, 100));
    },
  };
}
