import type { WorkChannel } from '@reckon/protocol/base/ports';
import { WebSocket } from 'ws';
import { channelOfSocket } from '../src/channels/websocket.ts';

/** The node's end of a WebSocket, for tests that need no engine. */
export function connectSocket(url: string): Promise<WorkChannel> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    // The channel listens before the socket opens, so that the relay's first message is not missed.
    const channel = channelOfSocket(socket);
    socket.once('open', () => resolve(channel));
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => reject(new Error(`status ${response.statusCode}`)));
  });
}
