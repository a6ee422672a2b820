import type { WorkChannel } from '@reckon/protocol/base/ports';
import type { Peer } from 'peerjs';
import { channelOfConnection } from '../src/channels/data-connection.ts';
import { loadPeerJs } from '../src/channels/load-peerjs.ts';

export interface PeerSettings {
  port: number;
  relayPeerId: string;
  ticket(): { peerId: string; token: string };
}

async function tryOnce(settings: PeerSettings): Promise<{ channel: WorkChannel; peer: Peer }> {
  const PeerJs = await loadPeerJs();
  const { peerId, token } = settings.ticket();
  const config = { iceServers: [], bindAddress: '127.0.0.1' };
  const at = { host: '127.0.0.1', port: settings.port, path: '/peer', secure: false };
  const peer = new PeerJs(peerId, { ...at, token, config, debug: 0 });
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new Error('no connection')), 3_000);
    const fail = (error: Error) => {
      clearTimeout(timer);
      peer.destroy();
      reject(error);
    };
    peer.on('error', fail);
    peer.once('open', () => {
      const connection = peer.connect(settings.relayPeerId, { serialization: 'raw', reliable: true });
      connection.once('open', () => {
        clearTimeout(timer);
        resolve({ channel: channelOfConnection(connection), peer });
      });
      connection.once('error', fail);
    });
  });
}

/** The node's end of a data channel. Between two node-datachannel ends 1 to 3 in 100 connects time out: tried again. */
export async function connectPeer(settings: PeerSettings): Promise<{ channel: WorkChannel; peer: Peer }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryOnce(settings);
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}
