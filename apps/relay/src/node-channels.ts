import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log, Random, WorkChannel } from '@reckon/protocol/base/ports';
import { createSignalling } from './channels/signalling.ts';
import type { Tickets } from './channels/tickets.ts';
import { listenForPeers, type PeerListener } from './channels/webrtc.ts';
import { listenForSockets } from './channels/websocket.ts';
import { isOwnUpgrade, type OwnHosts } from './http/hosts.ts';
import type { HttpListener } from './listeners.ts';

const refuse = (socket: Duplex, status: string): void =>
  void socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);

export const WEB_SOCKET_PATH = '/ws';

export interface NodeChannels {
  relayPeerId: string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Opens the relay's own peer; call when the main listener serves. */
  listenForPeers(): Promise<void>;
  close(): void;
}

/** Both ways a node reaches the relay, as channels. */
export function openNodeChannels(settings: {
  main: HttpListener;
  host: string;
  tickets: Tickets;
  random: Random;
  log: Log;
  hosts: OwnHosts;
  accept(channel: WorkChannel, address: string | undefined): void;
}): NodeChannels {
  const { main, host, tickets, random, log, hosts, accept } = settings;
  const sockets = listenForSockets((channel, request) => accept(channel, request.socket.remoteAddress));
  const signalling = createSignalling(main.server, tickets, random, log);
  let peers: PeerListener | undefined;
  const onChannel = (channel: WorkChannel, peerId: string) => accept(channel, signalling.addressOf(peerId));
  return {
    relayPeerId: signalling.relayPeerId,
    upgrade(request, socket, head) {
      // Node no longer listens to it: without this a connection that is reset here would end the process.
      socket.on('error', () => socket.destroy());
      // A stranger's page may not make a visitor's browser speak to a relay that only that browser can reach.
      if (!isOwnUpgrade(hosts, request)) return refuse(socket, '403 Forbidden');
      const path = (request.url ?? '').split('?', 1)[0] ?? '';
      if (path === WEB_SOCKET_PATH) return sockets.upgrade(request, socket, head);
      if (signalling.handles(path)) return signalling.upgrade(request, socket, head);
      refuse(socket, '404 Not Found');
    },
    async listenForPeers() {
      try {
        peers = await listenForPeers({ host, port: main.port, signalling, log, onChannel });
      } catch (error) {
        // No prebuild for this platform, or no UDP: nodes take the WebSocket.
        log.error({ error: (error as Error).message }, 'webrtc.unavailable');
      }
    },
    close() {
      peers?.close();
      signalling.close();
      sockets.close();
    },
  };
}
