import { concat } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { formatTilePath, parseTilePath, TILE_WIDTH, type Tile, tileWidth } from '@reckon/protocol/journal/tiles';
import { maxTileBytes } from '@reckon/protocol/journal/tile-bytes';
import type { FetchLog } from '@reckon/protocol/journal/verified-tiles';
import { type HttpContext, refusalOf, send } from '../http.ts';

/** Of a part that does not come, so many further attempts. */
const RETRIES = 2;

const isLost = (error: unknown): boolean => error instanceof ReckonError && error.code === 'RELAY_UNREACHABLE';

/**
 * Reads parts of the log at `path` of a relay.
 * @throws {ReckonError} RELAY_UNREACHABLE, LOG_TILE_INVALID for more bytes than there may be, or the relay's refusal.
 */
export function createLogFetch(context: HttpContext, path: string, signal?: AbortSignal): FetchLog {
  async function once(part: string, maxBytes: number): Promise<Uint8Array> {
    const init = signal === undefined ? {} : { signal };
    const response = await send(context, `${path}/${part}`, {
      ...init,
      cache: part === 'checkpoint' ? 'no-store' : 'default',
    });
    if (!response.ok) throw await refusalOf(context, response);
    return readBounded(response, part, maxBytes);
  }
  return async (part, maxBytes) => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(part, maxBytes);
      } catch (error) {
        if (!isLost(error) || attempt === RETRIES) throw error;
      }
    }
  };
}

async function readBounded(response: Response, part: string, maxBytes: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new ReckonError('LOG_TILE_INVALID', { path: part, cause: `it has more than ${maxBytes} bytes` });
    }
    pieces.push(value);
  }
  return concat(...pieces);
}

/** How many bundles are under way at once; each has at most 256 entries. */
const AHEAD = 8;

/**
 * Fetches the bundles that come next, and their tiles, while one is worked on. For one reader that goes through the log
 * in order; at most `AHEAD` bundles are held.
 */
export function prefetchLog(fetch: FetchLog, size: number): FetchLog {
  const coming = new Map<string, Promise<Uint8Array>>();
  let reached = 0;

  function start(tile: Tile): void {
    const path = formatTilePath(tile);
    const found = fetch(path, maxTileBytes(tile));
    found.catch(() => {}); // seen when it is asked for
    coming.set(path, found);
  }

  return async (path, maxBytes) => {
    if (!path.startsWith('tile/entries/')) return take(path, maxBytes);
    const { index } = parseTilePath(path);
    for (reached = Math.max(reached, index + 1); reached <= index + AHEAD; reached++) {
      const width = tileWidth(size, 0, reached);
      if (reached * TILE_WIDTH >= size || width === 0) break;
      start({ kind: 'entries', index: reached, width });
      // A partial tile was read already: with it the root was computed.
      if (width === TILE_WIDTH) start({ kind: 'hashes', level: 0, index: reached, width });
    }
    return take(path, maxBytes);
  };

  async function take(path: string, maxBytes: number): Promise<Uint8Array> {
    const under = coming.get(path);
    coming.delete(path);
    return under ?? fetch(path, maxBytes);
  }
}
