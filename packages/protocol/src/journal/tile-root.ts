import { fullSubtrees, joinSubtrees, rootOfRow } from './log-tree.ts';
import type { ReadHash } from './log-proofs.ts';
import { rowLength, TILE_HEIGHT, TILE_WIDTH } from './tiles.ts';

/** Reads the hashes of one tile, as many as the log has. */
export type ReadTile = (level: number, index: number) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;

/** The partial tiles of a log, the highest first: all full subtrees that no larger one holds. */
function rightEdge(size: number): { level: number; index: number }[] {
  const edge: { level: number; index: number }[] = [];
  for (let level = 0; rowLength(size, level) > 0; level++) {
    const row = rowLength(size, level);
    if (row % TILE_WIDTH > 0) edge.unshift({ level, index: Math.floor(row / TILE_WIDTH) });
  }
  return edge;
}

/** The root of a log of `size` entries from the tiles of its right edge: at most 255 hashes a level. */
export async function rootFromTiles(size: number, read: ReadTile): Promise<Uint8Array> {
  const roots: Uint8Array[] = [];
  for (const { level, index } of rightEdge(size)) {
    roots.push(...fullSubtrees(await read(level, index)));
  }
  return joinSubtrees(roots);
}

/** Reads the hashes of the binary tree from tiles, each of which holds eight of its levels. */
export const readFromTiles =
  (read: ReadTile): ReadHash =>
  async (level, index) => {
    const span = 2 ** (level % TILE_HEIGHT);
    const first = index * span;
    const hashes = await read(Math.floor(level / TILE_HEIGHT), Math.floor(first / TILE_WIDTH));
    const row = hashes.slice(first % TILE_WIDTH, (first % TILE_WIDTH) + span);
    if (row.length < span) throw new RangeError(`the log has no subtree ${index} at level ${level}`);
    return rootOfRow(row);
  };
