import { formatTilePath, TILE_WIDTH, type Tile, tileWidth } from '@reckon/protocol/journal/tiles';
import { maxTileBytes, splitBundle } from '@reckon/protocol/journal/tile-bytes';
import type { FetchLog } from '@reckon/protocol/journal/verified-tiles';

/** An entry's text as the relay serves it, verified or not: to be shown beside what is wrong with it. */
export async function readServedEntry(fetch: FetchLog, size: number, index: number): Promise<string | undefined> {
  const at = Math.floor(index / TILE_WIDTH);
  const tile: Tile = { kind: 'entries', index: at, width: tileWidth(size, 0, at) };
  try {
    const { entries } = splitBundle(await fetch(formatTilePath(tile), maxTileBytes(tile)));
    const bytes = entries[index % TILE_WIDTH];
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  } catch {
    return undefined; // the difference is known all the same
  }
}
