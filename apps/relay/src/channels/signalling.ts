import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Log, Random } from '@reckon/protocol/base/ports';
import { ExpressPeerServer } from 'peer';
import { WebSocketServer } from 'ws';
import type { Tickets } from './tickets.ts';

/** PeerJS adds this to the path of its server. */
export const SIGNALLING_PATH = '/peer';
const SOCKET_PATH = '/peer/peerjs';
/** An SDP offer has a few kilobytes. */
const MAX_SIGNAL_BYTES = 64 * 1024;
const MAX_ADDRESSES = 10_000;

export interface Signalling {
  relayPeerId: string;
  /** Admits the relay's own peer and nobody else under its id. */
  relayToken: string;
  /** Where the peer's signalling connection came from, as far as it is remembered. */
  addressOf(peerId: string): string | undefined;
  handles(path: string): boolean;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** Our own PeerServer, reachable only with a ticket. Its HTTP routes are not mounted: ids come with the tickets. */
export function createSignalling(server: Server, tickets: Tickets, random: Random, log: Log): Signalling {
  const relayPeerId = `relay-${Buffer.from(random.bytes(8)).toString('hex')}`;
  const relayToken = Buffer.from(random.bytes(32)).toString('hex');
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_SIGNAL_BYTES, perMessageDeflate: false });
  const app = ExpressPeerServer(server, { path: SIGNALLING_PATH, createWebSocketServer: () => sockets });
  // It starts when it is mounted; another one, never started, serves as the application to mount it in.
  ExpressPeerServer(server).use(app);
  app.on('error', (error: Error) => log.warn({ error: error.message }, 'signalling.failed'));

  const addresses = new Map<string, string>();

  /** A peer opens its channel soon after its signalling connection: the newest are enough. */
  function remember(peerId: string, address: string | undefined): void {
    const oldest = addresses.keys().next().value;
    if (addresses.size >= MAX_ADDRESSES && oldest !== undefined) addresses.delete(oldest);
    if (address !== undefined) addresses.set(peerId, address);
  }

  function check(request: IncomingMessage): void {
    const query = new URL(request.url ?? '', 'http://relay').searchParams;
    const [peerId, token] = [query.get('id') ?? '', query.get('token') ?? ''];
    if (peerId !== relayPeerId) {
      tickets.check(peerId, token);
      remember(peerId, request.socket.remoteAddress);
    } else if (token !== relayToken) throw new ReckonError('SIGNALLING_TOKEN_INVALID', { reason: 'the id is taken' });
  }

  return {
    relayPeerId,
    relayToken,
    addressOf: (peerId) => addresses.get(peerId),
    handles: (path) => path === SOCKET_PATH,
    upgrade(request, socket, head) {
      try {
        check(request);
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'signalling.refused');
        socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}
