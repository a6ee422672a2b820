import { createServer, type IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { expect, test } from 'vitest';
import { silentLog } from '../testing/silent-log.ts';
import { createTestClock } from '../testing/world.ts';
import { createTickets } from './channels/tickets.ts';
import { ownHosts } from './http/hosts.ts';
import { openNodeChannels } from './node-channels.ts';

function createSocket() {
  const written: string[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { socket, written };
}

function openChannels() {
  const random = createSeededRandom(1);
  const tickets = createTickets(createTestClock(), random);
  const main = { server: createServer(), port: 1, serve() {}, close() {} };
  const hosts = ownHosts([]);
  return openNodeChannels({ main, host: '127.0.0.1', tickets, random, log: silentLog, hosts, accept() {} });
}

test.each([
  ['/ws', 'https://evil.example', '403'],
  ['/peer/peerjs', 'https://evil.example', '403'],
  ['/nothing', 'http://127.0.0.1:1', '404'],
])('an upgrade of %s by a page of %s is answered %s, and its reset harms nobody', (url, origin, status) => {
  const channels = openChannels();
  const { socket, written } = createSocket();
  const request = { url, headers: { host: '127.0.0.1:1', origin } } as IncomingMessage;
  channels.upgrade(request, socket, Buffer.alloc(0));
  expect(written.join('')).toContain(`HTTP/1.1 ${status} `);
  expect(() => socket.emit('error', new Error('ECONNRESET'))).not.toThrow();
  channels.close();
});
