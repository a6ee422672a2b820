import type { Peer, PeerOptions } from 'peerjs';

export type PeerConstructor = new (id: string, options: PeerOptions) => Peer;

let loaded: Promise<PeerConstructor> | undefined;

/**
 * PeerJS on Node. It looks for the browser's WebRTC globals when it is first imported, so node-datachannel's are put in
 * place before; nothing else in this process reads them.
 */
export function loadPeerJs(): Promise<PeerConstructor> {
  loaded ??= (async () => {
    const { default: polyfill } = await import('node-datachannel/polyfill');
    const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate, RTCDataChannel } = polyfill;
    Object.assign(globalThis, { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate, RTCDataChannel });
    Object.assign(globalThis, { location: globalThis.location ?? { protocol: 'http:' } });
    // CommonJS: Node gives it as the default export only, bundlers and test runners also by name.
    const peerjs = (await import('peerjs')) as unknown as Record<'default' | 'Peer', unknown>;
    return (peerjs.Peer ?? (peerjs.default as { Peer: unknown }).Peer) as PeerConstructor;
  })();
  return loaded;
}
