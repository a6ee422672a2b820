import { ReckonError } from '@reckon/protocol/base/errors';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { createInbox } from './inbox.ts';
import { guardSend } from './send-guard.ts';

/** How long what was sent before a close may take to leave. */
const FLUSH_MS = 500;

/**
 * An open RTCDataChannel as a WorkChannel.
 * @param release ends the connection that carries it, once the channel has ended.
 */
export function adaptDataChannel(dataChannel: RTCDataChannel, release: () => void): WorkChannel {
  const inbox = createInbox();
  dataChannel.binaryType = 'arraybuffer';
  dataChannel.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
    inbox.deliver(typeof event.data === 'string' ? event.data : new Uint8Array(event.data));
  });
  const ended = () => {
    if (inbox.end('the connection was lost')) release();
  };
  dataChannel.addEventListener('close', ended);
  dataChannel.addEventListener('error', ended);

  return {
    kind: 'webrtc',
    get bufferedAmount() {
      return dataChannel.bufferedAmount;
    },
    send(data) {
      guardSend(data, inbox.closed);
      try {
        // `send` is overloaded by type; both halves exist.
        if (typeof data === 'string') dataChannel.send(data);
        else dataChannel.send(data as Uint8Array<ArrayBuffer>);
      } catch (cause) {
        // It has ended, and the event that says so is still on its way.
        throw new ReckonError('CHANNEL_CLOSED', { reason: String(cause) }, { cause });
      }
    },
    async drained(bytes) {
      while (inbox.closed === undefined && dataChannel.bufferedAmount > bytes) await nextLow(dataChannel, bytes);
      if (inbox.closed !== undefined) throw new ReckonError('CHANNEL_CLOSED', { reason: inbox.closed });
    },
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close(reason = 'closed here') {
      if (!inbox.end(reason)) return;
      dataChannel.close();
      // Its own end may be told before all has left, and ending the connection would lose the rest.
      setTimeout(release, FLUSH_MS);
    },
  };
}

function nextLow(dataChannel: RTCDataChannel, bytes: number): Promise<void> {
  dataChannel.bufferedAmountLowThreshold = bytes;
  return new Promise((resolve) => {
    const done = () => {
      dataChannel.removeEventListener('bufferedamountlow', done);
      dataChannel.removeEventListener('close', done);
      resolve();
    };
    dataChannel.addEventListener('bufferedamountlow', done);
    dataChannel.addEventListener('close', done);
    // It may have drained between the caller's look and the threshold's setting.
    if (dataChannel.bufferedAmount <= bytes || dataChannel.readyState !== 'open') done();
  });
}
