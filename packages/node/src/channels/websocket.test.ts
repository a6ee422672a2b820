import type { AddressInfo } from 'node:net';
import type { WorkChannel } from '@reckon/protocol/base/ports';
import { afterEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { connectByFirst } from './preferred.ts';
import { connectWebSocket } from './websocket.ts';
import { silentLog } from '../../testing/node-world.ts';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

async function echoServer(): Promise<{ server: WebSocketServer; url: string }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
  await new Promise((resolve) => server.once('listening', resolve));
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const received = (channel: WorkChannel, count: number) =>
  new Promise<(string | Uint8Array)[]>((resolve) => {
    const all: (string | Uint8Array)[] = [];
    channel.onMessage((data) => {
      if (all.push(data) === count) resolve(all);
    });
  });

test('text and bytes come back as they were, in order', async () => {
  const { url } = await echoServer();
  const channel = await connectWebSocket(url);
  const echoed = received(channel, 3);
  channel.send('ä');
  channel.send(Uint8Array.of(1, 2, 3));
  channel.send('last');
  expect(await echoed).toEqual(['ä', Uint8Array.of(1, 2, 3), 'last']);
  await channel.drained(0);
  channel.close();
});

test('the far end closing is told once, and sending afterwards fails', async () => {
  const { server, url } = await echoServer();
  const channel = await connectWebSocket(url);
  const reasons: string[] = [];
  const ended = new Promise<void>((resolve) =>
    channel.onClose((reason) => {
      reasons.push(reason);
      resolve();
    }),
  );
  for (const client of server.clients) client.close(1000, 'done');
  await ended;
  channel.close();
  expect(reasons).toEqual(['done']);
  expect(() => channel.send('late')).toThrow(expect.objectContaining({ code: 'CHANNEL_CLOSED' }));
  await expect(channel.drained(0)).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' });
});

test('a message above the limit is refused before it is sent', async () => {
  const { url } = await echoServer();
  const channel = await connectWebSocket(url);
  expect(() => channel.send(new Uint8Array(262_145))).toThrow(expect.objectContaining({ code: 'MESSAGE_TOO_LARGE' }));
  channel.close();
});

test('nobody listening is CHANNEL_UNAVAILABLE', async () => {
  const { server, url } = await echoServer();
  await new Promise((resolve) => server.close(resolve));
  await expect(connectWebSocket(url)).rejects.toMatchObject({ code: 'CHANNEL_UNAVAILABLE' });
});

test('the second way is taken when the first does not connect in its time', async () => {
  const { url } = await echoServer();
  const never = (signal: AbortSignal) =>
    new Promise<WorkChannel>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const ways = [
    { name: 'never', timeoutMs: 1, connect: never },
    { name: 'WebSocket', timeoutMs: 5_000, connect: (signal: AbortSignal) => connectWebSocket(url, signal) },
  ];
  const channel = await connectByFirst(ways, silentLog, new AbortController().signal);
  expect(channel.kind).toBe('websocket');
  channel.close();
});

test('once open it stays open, though the time to open it has run out', async () => {
  const { url } = await echoServer();
  const attempt = new AbortController();
  const channel = await connectWebSocket(url, attempt.signal);
  attempt.abort(new Error('too late'));
  const echoed = received(channel, 1);
  channel.send('still here');
  expect(await echoed).toEqual(['still here']);
  channel.close();
});
