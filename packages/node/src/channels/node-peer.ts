import type { Peer as PeerType, PeerOptions } from 'peerjs';

type PeerClass = new (id: string, options: PeerOptions) => PeerType;
let loaded: Promise<PeerClass> | undefined;

/** PeerJS for Node: its browser globals come from node-datachannel. Loaded once, and only when WebRTC is asked for. */
export function loadNodePeer(): Promise<PeerClass> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<PeerClass> {
  const { default: polyfill } = await import('node-datachannel/polyfill');
  const globals = globalThis as Record<string, unknown>;
  for (const name of ['RTCPeerConnection', 'RTCSessionDescription', 'RTCIceCandidate', 'RTCDataChannel'] as const) {
    globals[name] ??= polyfill[name];
  }
  globals['location'] ??= { protocol: 'http:' }; // PeerJS asks whether the page is secure
  // A CommonJS module without named exports in Node; imported after the polyfill, which it probes when it loads.
  const peerjs = (await import('peerjs')) as unknown as { default: { Peer: PeerClass } };
  return peerjs.default.Peer;
}
