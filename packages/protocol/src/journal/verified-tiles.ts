import { equalBytes, toHex } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type HashEntry, hashEntry, rootOfRow } from './log-tree.ts';
import { decodeTile, maxTileBytes, splitBundle } from './tile-bytes.ts';
import { rootFromTiles } from './tile-root.ts';
import { formatTilePath, rowLength, type Tile, TILE_WIDTH, tileWidth } from './tiles.ts';

/** Fetches one part of a log, such as `tile/0/000`, by its path below the log's address; never more than `maxBytes`. */
export type FetchLog = (path: string, maxBytes: number) => Promise<Uint8Array>;

/** Tiles of one checkpoint's log, as they were served. */
export interface ServedTiles {
  /** @throws {ReckonError} LOG_TILE_INVALID */
  hashes(level: number, index: number): Promise<Uint8Array[]>;
  /** Whole entries and how many bytes are left behind them. */
  bundle(index: number): Promise<{ entries: Uint8Array[]; left: number }>;
}

export function readServedTiles(fetch: FetchLog, size: number): ServedTiles {
  const get = (tile: Tile) => fetch(formatTilePath(tile), maxTileBytes(tile));
  return {
    async hashes(level, index) {
      const tile: Tile = { kind: 'hashes', level, index, width: tileWidth(size, level, index) };
      return decodeTile(tile, await get(tile));
    },
    async bundle(index) {
      return splitBundle(await get({ kind: 'entries', index, width: tileWidth(size, 0, index) }));
    },
  };
}

const mismatch = (index: number, expected: Uint8Array, received: string) =>
  new ReckonError('LOG_ENTRY_MISMATCH', { index, expected: toHex(expected), received });

/**
 * Compares the entries of a bundle with its tile of level 0.
 * @throws {ReckonError} LOG_ENTRY_MISMATCH naming the first entry that differs or is missing; LOG_TILE_INVALID for more.
 */
export function checkBundle(
  tile: { index: number; hashes: readonly Uint8Array[] },
  { entries, left }: { entries: readonly Uint8Array[]; left: number },
  hashOf: HashEntry = hashEntry,
): void {
  for (const [i, expected] of tile.hashes.entries()) {
    const [index, entry] = [tile.index * TILE_WIDTH + i, entries[i]];
    if (entry === undefined) throw mismatch(index, expected, `nothing (the bundle ends there, ${left} bytes left)`);
    const received = hashOf(entry);
    if (!equalBytes(received, expected)) throw mismatch(index, expected, toHex(received));
  }
  if (entries.length > tile.hashes.length || left > 0) {
    const path = formatTilePath({ kind: 'entries', index: tile.index, width: tile.hashes.length });
    throw new ReckonError('LOG_TILE_INVALID', { path, cause: `it goes on after its ${tile.hashes.length} entries` });
  }
}

/**
 * Looks, from the entries up, for the first place in entries [begin, end) where an entry and its tile, or a tile and
 * the hash of it one level higher, differ. Downloads the range; called only once something is known to be wrong.
 * @throws {ReckonError} LOG_ENTRY_MISMATCH naming that entry, or the first below that hash.
 */
async function nameFirstMismatch(served: ServedTiles, size: number, begin: number, end: number): Promise<void> {
  for (let index = begin / TILE_WIDTH; index * TILE_WIDTH < end; index++) {
    checkBundle({ index, hashes: await served.hashes(0, index) }, await served.bundle(index));
    // The last tile below a higher one completes it, and so on upwards.
    for (
      let [level, at] = [0, index];
      tileWidth(size, level, at) === TILE_WIDTH;
      level++, at = (at - 255) / TILE_WIDTH
    ) {
      const received = rootOfRow(await served.hashes(level, at));
      const expected = (await served.hashes(level + 1, Math.floor(at / TILE_WIDTH)))[at % TILE_WIDTH] as Uint8Array;
      if (!equalBytes(received, expected)) throw mismatch(at * TILE_WIDTH ** (level + 1), expected, toHex(received));
      if (at % TILE_WIDTH !== TILE_WIDTH - 1) break;
    }
  }
}

/** Tiles that are known to be what the checkpoint's root was made of. */
export type VerifiedTiles = (level: number, index: number) => Promise<readonly Uint8Array[]>;

/** How many tiles of each level are kept; who reads in order needs one. */
const KEPT = 4;

/**
 * Reads tiles from the root down: the right edge gives the root, and each full tile the hash of it one level higher.
 * Its reads reject with LOG_ENTRY_MISMATCH where tiles contradict each other, naming the first entry concerned, and
 * with LOG_ROOT_MISMATCH where they agree with each other but not with the root.
 */
export function createVerifiedTiles(served: ServedTiles, { size, root }: Checkpoint): VerifiedTiles {
  const kept: Map<number, Promise<readonly Uint8Array[]>>[] = [];
  let edge: Promise<ReadonlyMap<number, readonly Uint8Array[]>> | undefined;

  /** The partial tiles by level, kept as they were checked: asked again, a server could answer otherwise. */
  async function readEdge(): Promise<ReadonlyMap<number, readonly Uint8Array[]>> {
    const tiles = new Map<number, readonly Uint8Array[]>();
    const received = await rootFromTiles(size, async (level, index) => {
      const hashes = await served.hashes(level, index);
      tiles.set(level, hashes);
      return hashes;
    });
    if (equalBytes(received, root)) return tiles;
    await nameFirstMismatch(served, size, 0, size);
    throw new ReckonError('LOG_ROOT_MISMATCH', { size, expected: toHex(root), received: toHex(received) });
  }

  async function verify(level: number, index: number): Promise<readonly Uint8Array[]> {
    if (index * TILE_WIDTH >= rowLength(size, level)) throw new RangeError(`the log has no tile ${level}/${index}`);
    edge ??= readEdge();
    const partial = (await edge).get(level);
    if (partial !== undefined && tileWidth(size, level, index) < TILE_WIDTH) return partial;
    const [hashes, parent] = await Promise.all([
      served.hashes(level, index),
      tile(level + 1, Math.floor(index / TILE_WIDTH)),
    ]);
    const expected = parent[index % TILE_WIDTH] as Uint8Array;
    const received = rootOfRow(hashes);
    if (equalBytes(received, expected)) return hashes;
    const span = TILE_WIDTH ** (level + 1);
    await nameFirstMismatch(served, size, index * span, (index + 1) * span);
    throw mismatch(index * span, expected, toHex(received));
  }

  function tile(level: number, index: number): Promise<readonly Uint8Array[]> {
    const row = (kept[level] ??= new Map<number, Promise<readonly Uint8Array[]>>());
    const known = row.get(index);
    if (known !== undefined) return known;
    const found = verify(level, index);
    row.set(index, found);
    if (row.size > KEPT) row.delete(row.keys().next().value as number);
    return found;
  }
  return tile;
}
