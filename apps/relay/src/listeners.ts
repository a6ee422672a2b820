import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Hono } from 'hono';

export interface HttpListener {
  readonly server: Server;
  readonly port: number;
  /** Answers 503 until this is called. */
  serve(app: Hono, upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  close(): void;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const notReady: Handle = (_request, response) => {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' }).end('{"ok":false}');
};

/** Listens at once, so that a taken port is said before anything is replayed. @throws {ReckonError} PORT_IN_USE. */
export async function listenHttp(host: string, port: number): Promise<HttpListener> {
  let handle = notReady;
  const server = createServer((request, response) => handle(request, response));
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new ReckonError('PORT_IN_USE', { port });
    throw error;
  }
  return {
    server,
    port: (server.address() as AddressInfo).port,
    serve(app, upgrade) {
      const answer = getRequestListener(app.fetch);
      handle = (request, response) => void answer(request, response);
      server.on('upgrade', upgrade);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
