import { HASH_BYTES } from '@reckon/protocol/journal/tile-bytes';
import { rootOfRow } from '@reckon/protocol/journal/log-tree';
import { rootFromTiles } from '@reckon/protocol/journal/tile-root';
import { TILE_WIDTH } from '@reckon/protocol/journal/tiles';

/** A row of hashes that grows at its end. */
function createRow() {
  let bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(hash: Uint8Array) {
      if ((length + 1) * HASH_BYTES > bytes.length) {
        const larger = new Uint8Array(bytes.length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(hash, length * HASH_BYTES);
      length++;
    },
    clear() {
      length = 0;
    },
    slice: (from: number, to: number): Uint8Array[] =>
      Array.from({ length: Math.min(to, length) - from }, (_, i) =>
        bytes.slice((from + i) * HASH_BYTES, (from + i + 1) * HASH_BYTES),
      ),
  };
}

/**
 * The hashes of a log's tiles above level 0, and of the level-0 tile that is not full yet. Those of full level-0 tiles
 * are made from their 256 entries when asked for: kept here, a million entries need 125 kB instead of 32 MB.
 */
export interface HashRows {
  /** Entries so far. */
  readonly size: number;
  /** Takes the hash of the next entry. */
  append(hash: Uint8Array): void;
  /** Hashes of a tile at level 1 or above. */
  read(level: number, index: number, width: number): Uint8Array[];
  /** The root over all entries so far. */
  root(): Promise<Uint8Array>;
}

export function createHashRows(): HashRows {
  const rows = [createRow()];
  let size = 0;

  function push(level: number, hash: Uint8Array): void {
    const row = (rows[level] ??= createRow());
    row.push(hash);
    if (row.length % TILE_WIDTH !== 0) return;
    push(level + 1, rootOfRow(row.slice(row.length - TILE_WIDTH, row.length)));
    if (level === 0) row.clear();
  }

  const read = (level: number, index: number, width: number): Uint8Array[] =>
    rows[level]?.slice(index * TILE_WIDTH, index * TILE_WIDTH + width) ?? [];

  return {
    get size() {
      return size;
    },
    append(hash) {
      push(0, hash);
      size++;
    },
    read,
    root: () => rootFromTiles(size, (level, index) => read(level, level === 0 ? 0 : index, TILE_WIDTH)),
  };
}
