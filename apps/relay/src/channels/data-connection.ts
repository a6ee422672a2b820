import { ReckonError } from '@reckon/protocol/base/errors';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { DataConnection } from 'peerjs';
import { checkSendable } from './check-size.ts';
import { createInbox } from './inbox.ts';

/**
 * A close waits this long for what was sent before it: node-datachannel drops messages that its own thread has received
 * but the event loop has not yet, when the channel's end arrives behind them (seen in the acceptance suite).
 */
const LINGER_MS = 100;
/** After the data channel was asked to close, its connection is given up. */
const GIVE_UP_MS = 500;

const toData = (data: unknown): string | Uint8Array =>
  typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer);

/** An open PeerJS connection with raw serialisation as a channel. Framing is ours. */
export function channelOfConnection(connection: DataConnection): WorkChannel {
  const inbox = createInbox();
  const channel = connection.dataChannel;
  function settle(): void {
    if (inbox.ended !== undefined) return;
    inbox.settle(channel.bufferedAmount);
    const next = inbox.awaited();
    if (next !== undefined) channel.bufferedAmountLowThreshold = next;
  }
  channel.addEventListener('bufferedamountlow', settle);
  connection.on('data', (data) => inbox.deliver(toData(data)));
  connection.on('close', () => inbox.end('the other side closed'));
  connection.on('error', (error) => inbox.end(error.message));
  return {
    kind: 'webrtc',
    get bufferedAmount() {
      return inbox.ended === undefined ? channel.bufferedAmount : 0;
    },
    send(data) {
      checkSendable(data, inbox.ended);
      try {
        if (typeof data === 'string') channel.send(data);
        else channel.send(data as Uint8Array<ArrayBuffer>);
      } catch (cause) {
        // It has ended, and the event that says so is still on its way.
        throw new ReckonError('CHANNEL_CLOSED', { reason: String(cause) }, { cause });
      }
    },
    drained(bytes) {
      const waiting = inbox.drained(bytes, inbox.ended === undefined ? channel.bufferedAmount : 0);
      // Sets the threshold, and catches a buffer that fell below it since the line above.
      settle();
      return waiting;
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close(reason = 'closed') {
      if (inbox.ended !== undefined) return;
      inbox.end(reason);
      setTimeout(() => channel.close(), LINGER_MS).unref();
      setTimeout(() => connection.close(), LINGER_MS + GIVE_UP_MS).unref();
    },
  };
}
