import { createInbox } from '@reckon/node/channels/inbox';
import { guardSend } from '@reckon/node/channels/send-guard';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { WorkChannel } from '@reckon/protocol/base/ports';

/**
 * A WorkChannel of the page, lent to a worker over a MessagePort: data channels exist on pages only, while a hidden tab's
 * timers run in workers only. Messages are not throttled; how much has really left is told back, for back-pressure.
 */
type ToFarSide = { data: string | Uint8Array } | { close: string };
type ToWorker = { data: string | Uint8Array } | { left: number } | { closed: string };

const size = (data: string | Uint8Array): number => data.length;
/** What came from the network belongs to nobody else, so it is moved and not copied. */
const movable = (data: string | Uint8Array): Transferable[] =>
  typeof data !== 'string' && data.byteLength === data.buffer.byteLength ? [data.buffer as ArrayBuffer] : [];

/** The worker's end. */
export function createPortChannel(port: MessagePort): WorkChannel {
  const inbox = createInbox();
  let given = 0;
  let left = 0;
  let waiting: { bytes: number; resolve: () => void }[] = [];

  const wake = () => {
    const isDone = ({ bytes }: { bytes: number }) => inbox.closed !== undefined || given - left <= bytes;
    const done = waiting.filter(isDone);
    waiting = waiting.filter((waiter) => !isDone(waiter));
    for (const { resolve } of done) resolve();
  };

  port.onmessage = ({ data: message }: MessageEvent<ToWorker>) => {
    if ('data' in message) inbox.deliver(message.data);
    else if ('left' in message) left = message.left;
    else inbox.end(message.closed);
    wake();
  };

  return {
    kind: 'webrtc',
    get bufferedAmount() {
      return given - left;
    },
    send(data) {
      guardSend(data, inbox.closed);
      given += size(data);
      port.postMessage({ data } satisfies ToFarSide);
    },
    async drained(bytes) {
      if (inbox.closed === undefined && given - left > bytes) {
        await new Promise<void>((resolve) => waiting.push({ bytes, resolve }));
      }
      if (inbox.closed !== undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: inbox.closed });
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close(reason = 'closed here') {
      if (!inbox.end(reason)) return;
      port.postMessage({ close: reason } satisfies ToFarSide);
      wake();
    },
  };
}

/** Below this the worker hears that there is room again, before the channel runs dry. */
const LOW_WATER = 256 * 1024;

/** The page's end: carries everything between a channel and a port until either closes. */
export function lendChannel(channel: WorkChannel, port: MessagePort): void {
  let given = 0;
  let watching = false;
  const tell = (message: ToWorker, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  const report = () => tell({ left: given - channel.bufferedAmount });

  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    try {
      await channel.drained(LOW_WATER);
      report();
      await channel.drained(0);
      report();
    } catch {
      // Closed: told by onClose.
    } finally {
      watching = false;
    }
    if (channel.bufferedAmount > 0) await watch();
  }

  channel.onMessage((data) => tell({ data }, movable(data)));
  channel.onClose((reason) => {
    tell({ closed: reason });
    port.onmessage = null;
  });
  port.onmessage = ({ data: message }: MessageEvent<ToFarSide>) => {
    if ('close' in message) return channel.close(message.close);
    given += size(message.data);
    try {
      channel.send(message.data);
    } catch {
      return; // the channel has just ended and says so itself
    }
    report();
    if (channel.bufferedAmount > 0) void watch();
  };
}
