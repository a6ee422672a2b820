import { ReckonError } from '../base/errors.ts';

/**
 * Where the parts of a public log lie, as C2SP tlog-tiles says. A tile holds up to 256 consecutive hashes of the tree:
 * hash `i` of tile `index` at `level` is the root over the entries [(256·index + i)·256^level, +256^level). An entry
 * bundle holds the entries themselves and lines up with the tile of level 0 that has the same index.
 */
export type Tile =
  | { readonly kind: 'hashes'; readonly level: number; readonly index: number; readonly width: number }
  | { readonly kind: 'entries'; readonly index: number; readonly width: number };

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** Levels of the binary tree in one tile: 256 = 2^8. */
export const TILE_HEIGHT = 8;
export const CHECKPOINT_PATH = 'checkpoint';

const MAX_LEVEL = 63;
const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** `1234067` as `x001/x234/067`. */
function formatIndex(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) as string[];
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
}

/** `tile/<level>/<index>[.p/<width>]` or `tile/entries/<index>[.p/<width>]`, from the log's address on. */
export function formatTilePath(tile: Tile): string {
  const partial = tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`;
  return `tile/${tile.kind === 'entries' ? 'entries' : tile.level}/${formatIndex(tile.index)}${partial}`;
}

/** @throws {ReckonError} LOG_TILE_INVALID for any other spelling than `formatTilePath`'s. */
export function parseTilePath(path: string): Tile {
  const refuse = (cause: string) => new ReckonError('LOG_TILE_INVALID', { path: path.slice(0, 100), cause });
  const match = PATH.exec(path);
  if (match === null) throw refuse('expected tile/<level or entries>/<index>, such as tile/0/x001/067.p/5');
  const [, place = '', groups = '', partial] = match;
  const index = Number(groups.replaceAll(/[x/]/g, ''));
  if (!Number.isSafeInteger(index)) throw refuse('the index is too large');
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (partial !== undefined && width >= TILE_WIDTH) throw refuse('a partial tile has 1 to 255 hashes');
  const level = Number(place);
  if (place !== 'entries' && level > MAX_LEVEL) throw refuse(`levels go up to ${MAX_LEVEL}`);
  const tile: Tile = place === 'entries' ? { kind: 'entries', index, width } : { kind: 'hashes', level, index, width };
  if (formatTilePath(tile) !== path) throw refuse(`the index is written ${formatIndex(index)}`);
  return tile;
}

/** How many hashes a log of `size` entries has at a tile level: its full subtrees of 256^level entries. */
export const rowLength = (size: number, level: number): number => Math.floor(size / TILE_WIDTH ** level);

/** How many hashes the tile has in a log of `size` entries, 0 to 256. */
export const tileWidth = (size: number, level: number, index: number): number =>
  Math.max(0, Math.min(TILE_WIDTH, rowLength(size, level) - index * TILE_WIDTH));

/** Every tile and bundle of a log of `size` entries; the last of each row may be partial. */
export function* tilesOf(size: number): Generator<Tile> {
  for (let level = 0; rowLength(size, level) > 0; level++) {
    const row = rowLength(size, level);
    for (let index = 0; index * TILE_WIDTH < row; index++) {
      const width = tileWidth(size, level, index);
      if (level === 0) yield { kind: 'entries', index, width };
      yield { kind: 'hashes', level, index, width };
    }
  }
}
