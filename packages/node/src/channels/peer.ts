import { ReckonError } from '@reckon/protocol/base/errors';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { SessionTicket } from '@reckon/protocol/wire/http';
import type { DataConnection, Peer as PeerType, PeerOptions } from 'peerjs';
import { adaptDataChannel } from './data-channel.ts';

export interface PeerTarget {
  /** The relay's origin, `http:` or `https:`. */
  origin: string;
  /** Path of the signalling server there. */
  path: string;
  relayPeerId: string;
  /** Leave to use the signalling server once. */
  ticket: Pick<SessionTicket, 'peerId' | 'token'>;
  /** Handed to RTCPeerConnection; no ICE server unless it names one. */
  rtcConfig?: RTCConfiguration;
  /** PeerJS's class: the page's import, or Node's after its polyfill. */
  Peer: new (
    id: string,
    options: PeerOptions,
  ) => PeerType;
}

/**
 * Opens a data channel to a relay through its own PeerJS signalling. Needs RTCPeerConnection, so a page or Node.
 * @throws {ReckonError} CHANNEL_UNAVAILABLE when it does not open; the signal's reason when aborted.
 */
export async function connectPeer(target: PeerTarget, signal: AbortSignal): Promise<WorkChannel> {
  signal.throwIfAborted();
  const { hostname, port, protocol } = new URL(target.origin);
  const secure = protocol === 'https:';
  const peer = new target.Peer(target.ticket.peerId, {
    host: hostname,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    path: target.path,
    secure,
    token: target.ticket.token,
    debug: 0,
    config: { iceServers: [], ...target.rtcConfig },
  });
  try {
    const connection = await openConnection(peer, target.relayPeerId, signal);
    // Signalling is done: the data channel lives on without its socket, and the server is spared one per node.
    peer.disconnect();
    return adaptDataChannel(connection.dataChannel, () => peer.destroy());
  } catch (error) {
    peer.destroy();
    if (signal.aborted) throw signal.reason;
    const cause = error instanceof Error ? error.message : String(error);
    throw new ReckonError('CHANNEL_UNAVAILABLE', { tried: 'WebRTC', cause }, { cause: error });
  }
}

function openConnection(peer: PeerType, relayPeerId: string, signal: AbortSignal): Promise<DataConnection> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    peer.on('error', reject);
    peer.on('disconnected', () => reject(new Error('The signalling server closed the connection.')));
    peer.on('open', () => {
      const connection = peer.connect(relayPeerId, { reliable: true, serialization: 'raw' });
      connection.on('open', () => resolve(connection));
      connection.on('error', reject);
      connection.on('close', () => reject(new Error('The relay closed the connection.')));
    });
  });
}
