import { loadNodePeer } from '@reckon/node/channels/node-peer';
import { connectPeer } from '@reckon/node/channels/peer';
import { connectWebSocket } from '@reckon/node/channels/websocket';
import { fetchRelayConfig, requestTicket, webSocketUrl } from '@reckon/node/relay-api';
import { openSession, type Session } from '@reckon/node/session';
import { systemClock } from '@reckon/kernels/engine/system-clock';
import type { NodeId } from '@reckon/protocol/base/ids';
import type { Log, WorkChannel } from '@reckon/protocol/base/ports';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { signConsent } from '@reckon/protocol/model/consent';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

type Connect = (origin: string, config: RelayConfig, nodeId: NodeId) => Promise<WorkChannel>;

/** The two ways a node can be connected. Over WebRTC a relay holds a peer connection for each, over WebSocket a socket. */
export const ways: Readonly<Record<'webrtc' | 'websocket', Connect>> = {
  websocket: (origin, config) => connectWebSocket(webSocketUrl(origin, config), AbortSignal.timeout(10_000)),
  async webrtc(origin, config, nodeId) {
    const Peer = await loadNodePeer();
    const { path, relayPeerId } = config.signalling;
    // Of many peers in one process one or two do not connect at once; a node would try again as well.
    for (let attempt = 1; ; attempt++) {
      try {
        const signal = AbortSignal.timeout(5_000);
        const ticket = await requestTicket(origin, nodeId, signal);
        const rtcConfig = { bindAddress: '127.0.0.1' } as RTCConfiguration; // node-datachannel's own field
        return await connectPeer({ origin, path, relayPeerId, ticket, rtcConfig, Peer }, signal);
      } catch (error) {
        if (attempt === 3) throw error;
      }
    }
  },
};

/**
 * Nodes that are welcome, send their heartbeats and ask for no work: what a relay holds for each is what it holds for any
 * node between units. All are in this process, so the relay's own memory shows its half only.
 */
export async function connectIdleNodes(origin: string, count: number, connect: Connect): Promise<{ leave(): void }> {
  const config = await fetchRelayConfig(origin);
  const sessions: Session[] = [];
  for (let i = 0; i < count; i++) {
    const signer = createKeySigner(crypto.getRandomValues(new Uint8Array(32)));
    const channel = await connect(origin, config, signer.nodeId);
    await new Promise<void>((resolve, reject) => {
      const session = openSession({
        channel,
        signer,
        kind: 'headless',
        agent: 'reckon bench',
        capabilities: {
          backends: ['wasm'],
          device: 'idle',
          deviceClass: 'cpu',
          workers: 1,
          memoryMb: 1024,
          kernels: config.kernels,
        },
        consent: (domain) => signConsent(domain, signer, 'headless', Math.floor(Date.now() / 1000)),
        heartbeat: () => ({ units: [], busyMs: 0, slotMs: 0 }),
        traffic: { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 },
        clock: systemClock,
        log: silent,
        onWelcome: () => resolve(),
        onMessage: () => undefined,
        onFrame: () => undefined,
      });
      sessions.push(session);
      void session.ended.then((error) => reject(error ?? new Error('the relay closed the connection')));
    });
  }
  return {
    leave() {
      for (const session of sessions) session.leave('measured');
    },
  };
}
