import { connectPeer, type PeerTarget } from '@reckon/node/channels/peer';
import { toWire } from '@reckon/protocol/base/errors';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { ToEngine } from './engine-messages.ts';
import { lendChannel } from './port-channel.ts';

/** The highest number a message can have: a farewell from the page comes after anything the engine has sent. */
const LAST_SEQ = 0xffff_ffff;

/** Opens the engine's data channels on the page. PeerJS is loaded with the first. */
export interface PagePeers {
  open(id: number, target: Omit<PeerTarget, 'Peer'>): void;
  cancel(id: number): void;
  close(): void;
}

export function createPagePeers(reply: (message: ToEngine, transfer?: Transferable[]) => void): PagePeers {
  const attempts = new Map<number, AbortController>();
  const open = new Set<WorkChannel>();

  /** Closing a page kills its engine before it can say goodbye; the page can, and leases return at once. */
  const sayGoodbye = () => {
    for (const channel of open) {
      channel.send(JSON.stringify({ type: 'bye', seq: LAST_SEQ, reason: 'the page was closed' }));
      channel.close('the page was closed');
    }
  };
  addEventListener('pagehide', sayGoodbye);

  async function connect(id: number, target: Omit<PeerTarget, 'Peer'>): Promise<void> {
    const attempt = new AbortController();
    attempts.set(id, attempt);
    try {
      const { Peer } = await import('peerjs');
      const channel = await connectPeer({ ...target, Peer }, attempt.signal);
      const { port1, port2 } = new MessageChannel();
      open.add(channel);
      lendChannel(forget(channel), port1);
      reply({ type: 'peer-opened', id, port: port2 }, [port2]);
    } catch (error) {
      reply({ type: 'peer-failed', id, error: toWire(error) });
    } finally {
      attempts.delete(id);
    }
  }

  /** The same channel, dropped from the open ones when it ends. */
  const forget = (channel: WorkChannel): WorkChannel => ({
    kind: channel.kind,
    get bufferedAmount() {
      return channel.bufferedAmount;
    },
    send: channel.send,
    drained: channel.drained,
    onMessage: channel.onMessage,
    onClose: (closed) =>
      channel.onClose((reason) => {
        open.delete(channel);
        closed(reason);
      }),
    close: channel.close,
  });

  return {
    open: (id, target) => void connect(id, target),
    cancel: (id) => attempts.get(id)?.abort(new DOMException('No longer wanted.', 'AbortError')),
    close() {
      removeEventListener('pagehide', sayGoodbye);
      for (const attempt of attempts.values()) attempt.abort(new DOMException('The node was closed.', 'AbortError'));
      for (const channel of open) channel.close('closed');
    },
  };
}
