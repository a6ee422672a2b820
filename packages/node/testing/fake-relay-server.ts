import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { adaptWebSocket } from '../src/channels/websocket.ts';
import { workerPolicy } from '@reckon/kernels/worker-policy';
import { manifests } from '@reckon/kernels/manifests';
import { toJson } from '@reckon/protocol/base/json';
import { CONSENT_TEXT_VERSION } from '@reckon/protocol/model/consent';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import { WIRE_VERSION } from '@reckon/protocol/wire/messages';
import { WebSocketServer } from 'ws';
import { DOMAIN, type FakeRelay, HEARTBEAT_MS } from './fake-relay.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

const policy = (host: string) =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; ` +
  `connect-src 'self' ws://${host}`;

const config = {
  relayId: 'fake-relay',
  protocol: WIRE_VERSION,
  chainId: DOMAIN.chainId,
  contracts: {
    token: DOMAIN.verifyingContract,
    escrow: DOMAIN.verifyingContract,
    settlement: DOMAIN.verifyingContract,
  },
  token: { symbol: 'tRECK', decimals: 18, test: true },
  operator: DOMAIN.verifyingContract,
  feeBps: 0,
  rpcPath: '/rpc',
  faucet: false,
  signalling: { path: '/peer', relayPeerId: 'nobody' },
  webSocketPath: '/ws',
  log: {
    origin: 'fake-relay/log',
    key: 'fake-relay/log+df70dafb+AVYLceLdVJhoSfZHsqB/zkNgCs2OafJmcIbmN7xXB/DP',
    path: '/log',
  },
  heartbeatMs: HEARTBEAT_MS,
  epochMs: 1000,
  embedOrigin: 'http://127.0.0.1',
  kernels: manifests.map((manifest) => ({ name: kernelName(manifest), digest: manifest.digest })),
  trust: DEFAULT_TRUST,
  consentTextVersion: CONSENT_TEXT_VERSION,
};

/** The fake relay on a port: its configuration, a WebSocket, no WebRTC; and the files of a built page, if given. */
export interface FakeRelayServer {
  origin: string;
  /** Paths asked for, in order. */
  requests: string[];
  close(): Promise<void>;
}

export async function serveFakeRelay(relay: FakeRelay, filesDir?: string): Promise<FakeRelayServer> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { pathname } = new URL(request.url ?? '/', 'http://relay');
    requests.push(pathname);
    if (pathname === '/api/config') {
      return response.writeHead(200, { 'content-type': 'application/json' }).end(toJson(config));
    }
    const path = normalize(pathname);
    const body = filesDir === undefined ? undefined : await readFile(join(filesDir, path)).catch(() => undefined);
    if (body === undefined) return response.writeHead(404).end();
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    const security = { 'content-security-policy': workerPolicy(path) ?? policy(request.headers.host ?? '') };
    return response.writeHead(200, { 'content-type': type, ...security }).end(body);
  }
  const sockets = new WebSocketServer({ server, path: '/ws' });
  sockets.on('connection', (socket) => {
    requests.push('/ws');
    const outside = adaptWebSocket(socket as unknown as WebSocket);
    void relay.connect().then((inside) => {
      outside.onMessage((data) => inside.send(data));
      inside.onMessage((data) => outside.send(data));
      outside.onClose((reason) => inside.close(reason));
      inside.onClose((reason) => outside.close(reason));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
