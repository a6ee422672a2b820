import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The blob routes of docs/api.md over real HTTP, with connections that break where a test wants it. */
export interface BlobServer {
  readonly url: string;
  readonly blobs: Map<string, Buffer>;
  readonly parts: Map<string, Buffer>;
  /** Each request as "METHOD content-range-or-range". */
  readonly requests: string[];
  /** The connection of the next uploads or downloads breaks after so many body bytes. */
  breaks: number[];
  close(): Promise<void>;
}

export async function startBlobServer(): Promise<BlobServer> {
  const blobs = new Map<string, Buffer>();
  const parts = new Map<string, Buffer>();
  const requests: string[] = [];
  const state = { breaks: [] as number[] };
  const server = createServer((request, response) => {
    const digest = (request.url ?? '').split('/').pop() ?? '';
    const { range, 'content-range': contentRange } = request.headers;
    requests.push(`${request.method} ${contentRange ?? range ?? ''}`.trim());
    if (request.method === 'HEAD') head(digest, response);
    else if (request.method === 'PUT') void put(digest, request, response);
    else get(digest, range, response);
  });

  function head(digest: string, response: ServerResponse): void {
    const blob = blobs.get(digest);
    if (blob !== undefined) response.writeHead(200, { 'content-length': blob.length }).end();
    else response.writeHead(404, { 'x-reckon-offset': parts.get(digest)?.length ?? 0 }).end();
  }

  async function put(digest: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(request.headers['content-range'] ?? '');
    const from = Number(match?.[1] ?? 0);
    const limit = state.breaks.shift() ?? Number.POSITIVE_INFINITY;
    let kept = (parts.get(digest) ?? Buffer.alloc(0)).subarray(0, from);
    for await (const chunk of request as AsyncIterable<Buffer>) {
      const room = limit - (kept.length - from);
      kept = Buffer.concat([kept, chunk.subarray(0, room)]);
      parts.set(digest, kept);
      if (chunk.length >= room) return void request.socket.destroy();
    }
    const total = Number(match?.[2] ?? kept.length);
    parts.set(digest, kept);
    if (kept.length < total) return void response.writeHead(202).end();
    blobs.set(digest, kept);
    response.writeHead(201).end();
  }

  function get(digest: string, range: string | undefined, response: ServerResponse): void {
    const blob = blobs.get(digest);
    if (blob === undefined) {
      const details = { digest };
      const problem = { type: 'about:blank', title: 'missing', status: 404, code: 'BLOB_MISSING', details };
      return void response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    }
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const body = blob.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length });
    const limit = state.breaks.shift();
    if (limit === undefined) return void response.end(body);
    response.write(body.subarray(0, limit), () => response.destroy());
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    blobs,
    parts,
    requests,
    get breaks() {
      return state.breaks;
    },
    set breaks(breaks) {
      state.breaks = breaks;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
