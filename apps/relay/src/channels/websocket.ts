import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_CHANNEL_MESSAGE_BYTES, type WorkChannel } from '@reckon/protocol/base/ports';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { checkSendable } from './check-size.ts';
import { createInbox } from './inbox.ts';

const toBuffer = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);

/** An open WebSocket as a channel. */
export function channelOfSocket(socket: WebSocket): WorkChannel {
  const inbox = createInbox();
  socket.on('message', (data, isBinary) =>
    inbox.deliver(isBinary ? new Uint8Array(toBuffer(data)) : toBuffer(data).toString()),
  );
  socket.on('close', (code, reason) => inbox.end(reason.toString() || `code ${code}`));
  socket.on('error', (error) => {
    inbox.end(error.message);
    socket.terminate();
  });
  return {
    kind: 'websocket',
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(data) {
      checkSendable(data, inbox.ended);
      socket.send(data, { binary: typeof data !== 'string' }, () => inbox.settle(socket.bufferedAmount));
    },
    drained: (bytes) => inbox.drained(bytes, socket.bufferedAmount),
    onMessage: inbox.onMessage,
    onClose: inbox.onClose,
    close(reason = 'closed') {
      if (inbox.ended !== undefined) return;
      // What was sent before still leaves; a close frame holds at most 123 bytes of reason.
      socket.close(1000, reason.slice(0, 100));
      inbox.end(reason);
    },
  };
}

export interface SocketListener {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** Accepts upgraded requests as channels. Any origin may connect: a node proves itself in its hello. */
export function listenForSockets(onChannel: (channel: WorkChannel, request: IncomingMessage) => void): SocketListener {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_CHANNEL_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  return {
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (ws) => onChannel(channelOfSocket(ws), request)),
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
