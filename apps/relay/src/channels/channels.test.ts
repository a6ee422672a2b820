import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { acceptChannel } from '@reckon/protocol/testing/channel-acceptance';
import { createMemoryChannels } from '@reckon/protocol/testing/memory-channel';
import type { Peer } from 'peerjs';
import { expect, test } from 'vitest';
import { connectPeer } from '../../testing/connect-peer.ts';
import { connectSocket } from '../../testing/connect-websocket.ts';
import { silentLog } from '../../testing/silent-log.ts';
import { systemClock, systemRandom } from '../system.ts';
import { createSignalling } from './signalling.ts';
import { createTickets } from './tickets.ts';
import { listenForPeers } from './webrtc.ts';
import { listenForSockets } from './websocket.ts';

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Hands each accepted channel to whoever waits for the next. */
function acceptor() {
  const waiting: ((channel: WorkChannel) => void)[] = [];
  return {
    accept: (channel: WorkChannel) => waiting.shift()?.(channel),
    next: () => new Promise<WorkChannel>((resolve) => waiting.push(resolve)),
  };
}

acceptChannel('memory', async () => ({ connect: async () => createMemoryChannels(), cleanUp() {} }));

acceptChannel('WebSocket', async () => {
  const server = createServer();
  const { accept, next } = acceptor();
  const sockets = listenForSockets(accept);
  server.on('upgrade', sockets.upgrade);
  const port = await listen(server);
  return {
    async connect() {
      const far = next();
      const near = await connectSocket(`ws://127.0.0.1:${port}/ws`);
      return { near, far: await far };
    },
    cleanUp() {
      sockets.close();
      server.close();
    },
  };
});

async function startSignalling() {
  const server = createServer();
  const tickets = createTickets(systemClock, systemRandom);
  const signalling = createSignalling(server, tickets, systemRandom, silentLog);
  server.on('upgrade', signalling.upgrade);
  const port = await listen(server);
  return { server, tickets, signalling, port };
}

acceptChannel('WebRTC', async () => {
  const { server, tickets, signalling, port } = await startSignalling();
  const peers: Peer[] = [];
  // By peer id: an attempt that was given up may still have reached the relay.
  const accepted = new Map<string, WorkChannel>();
  const onChannel = (channel: WorkChannel, peerId: string) => void accepted.set(peerId, channel);
  const listener = await listenForPeers({ host: '127.0.0.1', port, signalling, log: silentLog, onChannel });
  return {
    async connect() {
      const node = await connectPeer({ port, relayPeerId: signalling.relayPeerId, ticket: tickets.issue });
      peers.push(node.peer);
      for (;;) {
        const far = accepted.get(node.peer.id);
        if (far !== undefined) return { near: node.channel, far };
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    cleanUp() {
      for (const peer of peers) peer.destroy();
      listener.close();
      signalling.close();
      server.close();
    },
  };
});

test('signalling admits only tickets, and nobody else under the relay peer id', async () => {
  const { server, tickets, signalling, port } = await startSignalling();
  const url = (id: string, token: string) => `ws://127.0.0.1:${port}/peer/peerjs?key=peerjs&id=${id}&token=${token}`;
  const { peerId, token } = tickets.issue();
  await expect(connectSocket(url(peerId, 'made-up'))).rejects.toThrow('403');
  await expect(connectSocket(url('another', token))).rejects.toThrow('403');
  await expect(connectSocket(url(signalling.relayPeerId, token))).rejects.toThrow('403');
  expect(signalling.addressOf('another')).toBeUndefined();
  expect(signalling.addressOf(peerId)).toBeUndefined();
  (await connectSocket(url(peerId, token))).close();
  // Where a node comes from is known by its signalling: its data channel does not say.
  expect(signalling.addressOf(peerId)).toMatch(/127\.0\.0\.1$/);
  signalling.close();
  server.close();
});

test('a ticket ends after a minute', () => {
  let now = 1_000;
  const tickets = createTickets({ ...systemClock, now: () => now }, systemRandom);
  const { peerId, token } = tickets.issue();
  now += 59_999;
  tickets.check(peerId, token);
  now += 1;
  expect(() => tickets.check(peerId, token)).toThrow(expect.objectContaining({ code: 'SIGNALLING_TOKEN_INVALID' }));
});
