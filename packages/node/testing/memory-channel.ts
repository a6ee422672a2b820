import { ReckonError } from '@reckon/protocol/base/errors';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { createInbox } from '../src/channels/inbox.ts';
import { guardSend } from '../src/channels/send-guard.ts';

/** One end of a pair, with what only a test can do. */
export interface MemoryChannel extends WorkChannel {
  /** Loses the connection: both ends are told, what is under way is lost. */
  cut(): void;
}

/** Two ends of a connection. Each message arrives in a later microtask, in order. */
export function createChannelPair(): [MemoryChannel, MemoryChannel] {
  const inboxes = [createInbox(), createInbox()] as const;
  const end = (reason: string) => {
    for (const inbox of inboxes) inbox.end(reason);
  };
  const make = (mine: 0 | 1): MemoryChannel => ({
    kind: 'memory',
    bufferedAmount: 0,
    send(data) {
      guardSend(data, inboxes[mine].closed);
      const far = inboxes[mine === 0 ? 1 : 0];
      const copy = typeof data === 'string' ? data : data.slice();
      queueMicrotask(() => far.closed === undefined && far.deliver(copy));
    },
    async drained() {
      const { closed } = inboxes[mine];
      if (closed !== undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: closed });
    },
    onMessage: inboxes[mine].onMessage,
    onClose: inboxes[mine].onClose,
    // What was sent before a close still arrives: the close takes its place behind it.
    close: (reason = 'closed') => queueMicrotask(() => end(reason)),
    cut: () => end('cut'),
  });
  return [make(0), make(1)];
}
