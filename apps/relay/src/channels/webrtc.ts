import type { Log, WorkChannel } from '@reckon/protocol/base/ports';
import type { DataConnection, Peer } from 'peerjs';
import { isLoopback } from '../config.ts';
import { channelOfConnection } from './data-connection.ts';
import { loadPeerJs } from './load-peerjs.ts';
import { SIGNALLING_PATH, type Signalling } from './signalling.ts';

const OPEN_MS = 10_000;
/** Connections that may be opening at once. */
const MAX_OPENING = 256;

export interface PeerListener {
  close(): void;
}

/**
 * Opens the relay's own peer at its own signalling and yields a channel for each node that connects to it.
 * No STUN or TURN server is used: a node that cannot reach the relay directly takes the WebSocket.
 */
export async function listenForPeers(settings: {
  host: string;
  port: number;
  signalling: Signalling;
  log: Log;
  /** `peerId` is the ticket's: it names the connection, not the node. */
  onChannel(channel: WorkChannel, peerId: string): void;
}): Promise<PeerListener> {
  const { host, port, signalling, log, onChannel } = settings;
  const PeerJs = await loadPeerJs();
  const ownHost = host === '0.0.0.0' || host === '::' || host === 'localhost' ? '127.0.0.1' : host;
  const config = { iceServers: [], ...(isLoopback(host) ? { bindAddress: '127.0.0.1' } : {}) };
  const peer: Peer = new PeerJs(signalling.relayPeerId, {
    host: ownHost,
    port,
    path: SIGNALLING_PATH,
    secure: false,
    token: signalling.relayToken,
    config,
    debug: 0,
  });
  let closing = false;
  const opening = new Set<DataConnection>();
  peer.on('connection', (connection) => {
    if (connection.serialization !== 'raw' || !connection.reliable) return connection.close();
    // An offer costs its sender nothing and us a connection: what does not open soon is given up, and few may try at once.
    if (opening.size >= MAX_OPENING) return connection.close();
    opening.add(connection);
    const giveUp = setTimeout(() => connection.close(), OPEN_MS);
    const settled = () => {
      clearTimeout(giveUp);
      opening.delete(connection);
    };
    connection.on('close', settled);
    connection.on('error', settled);
    connection.on('open', () => {
      settled();
      onChannel(channelOfConnection(connection), connection.peer);
    });
  });
  peer.on('disconnected', () => {
    if (!closing && !peer.destroyed) peer.reconnect();
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('its own signalling does not answer')), OPEN_MS);
    peer.once('open', () => {
      clearTimeout(timer);
      resolve();
    });
    peer.once('error', reject);
  });
  // Errors are about single connections, which report their own end.
  peer.on('error', (error) => log.debug({ error: error.message, type: error.type }, 'webrtc.failed'));
  return {
    close() {
      closing = true;
      peer.destroy();
    },
  };
}
