import { connectWebSocket } from '@reckon/node/channels/websocket';
import { fetchRelayConfig, webSocketUrl } from '@reckon/node/relay-api';
import { openSession, type Session } from '@reckon/node/session';
import { systemClock } from '@reckon/kernels/engine/system-clock';
import type { Log } from '@reckon/protocol/base/ports';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { signConsent } from '@reckon/protocol/model/consent';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Nodes that are welcome, send their heartbeats and ask for no work: what a relay holds for each is what it holds for
 * any node between units. Their connections are WebSockets, all opened from this process.
 */
export async function connectIdleNodes(origin: string, count: number): Promise<{ leave(): void }> {
  const config = await fetchRelayConfig(origin);
  const sessions: Session[] = [];
  for (let i = 0; i < count; i++) {
    const signer = createKeySigner(crypto.getRandomValues(new Uint8Array(32)));
    const channel = await connectWebSocket(webSocketUrl(origin, config), new AbortController().signal);
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
