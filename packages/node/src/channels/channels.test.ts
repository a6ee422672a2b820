import type { AddressInfo } from 'node:net';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { acceptChannel } from '@reckon/protocol/testing/channel-acceptance';
import { WebSocketServer } from 'ws';
import { createChannelPair } from '../../testing/memory-channel.ts';
import { adaptDataChannel } from './data-channel.ts';
import { loadNodePeer } from './node-peer.ts';
import { adaptWebSocket, connectWebSocket } from './websocket.ts';

acceptChannel('memory', async () => ({
  connect: async () => {
    const [near, far] = createChannelPair();
    return { near, far };
  },
  cleanUp: () => undefined,
}));

acceptChannel('WebSocket', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async connect() {
      const accepted = new Promise<WorkChannel>((resolve) =>
        // `ws` speaks the browser's interface too; only its types are its own.
        server.once('connection', (socket) => resolve(adaptWebSocket(socket as unknown as WebSocket))),
      );
      return { near: await connectWebSocket(url), far: await accepted };
    },
    cleanUp() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
});

acceptChannel('data channel', async () => {
  await loadNodePeer(); // brings RTCPeerConnection to Node
  const open = (channel: RTCDataChannel) =>
    channel.readyState === 'open'
      ? Promise.resolve()
      : new Promise<void>((resolve) => channel.addEventListener('open', () => resolve(), { once: true }));
  const ends: RTCPeerConnection[] = [];
  /** libdatachannel makes an end's transport on a thread of its own, and refuses candidates that come before (seen 1 in 60). */
  async function connect(triesLeft = 5): Promise<{ near: WorkChannel; far: WorkChannel }> {
    try {
      return await connectOnce();
    } catch (error) {
      if (triesLeft === 0 || !String(error).includes('without ICE transport')) throw error;
      return await connect(triesLeft - 1);
    }
  }
  async function connectOnce(): Promise<{ near: WorkChannel; far: WorkChannel }> {
    const config = { iceServers: [], bindAddress: '127.0.0.1' } as RTCConfiguration;
    const [a, b] = [new RTCPeerConnection(config), new RTCPeerConnection(config)];
    ends.push(a, b);
    const accepted = new Promise<WorkChannel>((resolve) =>
      b.addEventListener('datachannel', ({ channel }) => resolve(adaptDataChannel(channel, () => b.close()))),
    );
    const channel = a.createDataChannel('work');
    // Descriptions travel once they hold all candidates: by then each end has the transport that takes them.
    const gathered = (end: RTCPeerConnection) =>
      end.iceGatheringState === 'complete'
        ? Promise.resolve()
        : new Promise<void>((resolve) =>
            end.addEventListener('icegatheringstatechange', () => end.iceGatheringState === 'complete' && resolve()),
          );
    await a.setLocalDescription(await a.createOffer());
    await gathered(a);
    await b.setRemoteDescription(a.localDescription as RTCSessionDescription);
    await b.setLocalDescription(await b.createAnswer());
    await gathered(b);
    await a.setRemoteDescription(b.localDescription as RTCSessionDescription);
    await open(channel);
    return { near: adaptDataChannel(channel, () => a.close()), far: await accepted };
  }
  return {
    connect: () => connect(),
    cleanUp() {
      for (const end of ends) end.close();
    },
  };
});
