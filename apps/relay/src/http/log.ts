import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ReckonError } from '@reckon/protocol/base/errors';
import { CHECKPOINT_PATH, parseTilePath, TILE_WIDTH } from '@reckon/protocol/journal/tiles';
import type { Hono } from 'hono';
import type { HttpPorts } from './ports.ts';

/** Where the log begins; the paths below it are those of C2SP tlog-tiles. */
export const LOG_PATH = '/log';

const compress = promisify(gzip);

/** A full tile never changes. A partial one does not either, but is soon part of a fuller one. */
const cacheFor = (width: number): string =>
  width === TILE_WIDTH ? 'public, max-age=31536000, immutable' : 'public, max-age=60';

/** The published journal, for anybody: public tools, and auditors' pages on other origins. docs/log.md. */
export function serveLog(app: Hono, { publication }: HttpPorts): void {
  app.use(`${LOG_PATH}/*`, async (context, next) => {
    await next();
    context.header('access-control-allow-origin', '*');
    context.header('cross-origin-resource-policy', 'cross-origin');
  });

  app.get(`${LOG_PATH}/${CHECKPOINT_PATH}`, () => {
    const { checkpoint } = publication;
    if (checkpoint === undefined) throw new ReckonError('NOT_FOUND', { what: 'A checkpoint' });
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' };
    return new Response(checkpoint, { headers });
  });

  app.get(`${LOG_PATH}/tile/*`, async (context) => {
    // As it was sent: an escaped path is another spelling of a tile, and a tile has one.
    const path = new URL(context.req.url).pathname.slice(LOG_PATH.length + 1);
    const tile = parseTilePath(path);
    const bytes = await publication.read(tile);
    if (bytes === undefined) throw new ReckonError('NOT_FOUND', { what: `${path}, among published entries,` });
    const headers: Record<string, string> = {
      'content-type': 'application/octet-stream',
      'cache-control': cacheFor(tile.width),
    };
    if (tile.kind === 'hashes') return new Response(Buffer.from(bytes), { headers });
    headers['vary'] = 'accept-encoding';
    if (!/\bgzip\b/.test(context.req.header('accept-encoding') ?? ''))
      return new Response(Buffer.from(bytes), { headers });
    headers['content-encoding'] = 'gzip';
    return new Response(await compress(bytes), { headers });
  });

  // Never the dashboard, which answers all other paths.
  app.get(`${LOG_PATH}/*`, () => {
    throw new ReckonError('NOT_FOUND', { what: 'That part of the log' });
  });
}
