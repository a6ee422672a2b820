import { concat } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';
import { formatTilePath, type Tile, TILE_WIDTH } from './tiles.ts';

/** The bytes of tiles and entry bundles (C2SP tlog-tiles): 32-byte hashes; entries behind their u16 length. */

export const HASH_BYTES = 32;
/** The largest entry a bundle can hold: its length is a u16. */
export const MAX_ENTRY_BYTES = 65_535;

/** The most bytes a tile or bundle of this address may have; what is longer need not be read to its end. */
export const maxTileBytes = ({ kind, width }: Tile): number =>
  width * (kind === 'entries' ? 2 + MAX_ENTRY_BYTES : HASH_BYTES);

const refuse = (tile: Tile, cause: string) =>
  new ReckonError('LOG_TILE_INVALID', { path: formatTilePath(tile), cause });

export const encodeTile = (hashes: readonly Uint8Array[]): Uint8Array => concat(...hashes);

/** @throws {ReckonError} LOG_TILE_INVALID unless there are exactly `tile.width` hashes. */
export function decodeTile(tile: Tile, bytes: Uint8Array): Uint8Array[] {
  const expected = tile.width * HASH_BYTES;
  if (bytes.length !== expected) throw refuse(tile, `expected ${expected} bytes, got ${bytes.length}`);
  return Array.from({ length: tile.width }, (_, i) => bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

/** @throws {RangeError} for more than 256 entries, or one above MAX_ENTRY_BYTES. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length > TILE_WIDTH) throw new RangeError(`a bundle has at most ${TILE_WIDTH} entries`);
  const parts = entries.flatMap((entry) => {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry has at most ${MAX_ENTRY_BYTES} bytes`);
    return [Uint8Array.of(entry.length >> 8, entry.length & 255), entry];
  });
  return concat(...parts);
}

/** As many whole entries as the bytes begin with, 256 at most, and how many bytes are left behind them. */
export function splitBundle(bytes: Uint8Array): { entries: Uint8Array[]; left: number } {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < TILE_WIDTH && at + 2 <= bytes.length) {
    const end = at + 2 + (((bytes[at] as number) << 8) | (bytes[at + 1] as number));
    if (end > bytes.length) break;
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  return { entries, left: bytes.length - at };
}

/** @throws {ReckonError} LOG_TILE_INVALID unless there are exactly `tile.width` entries and nothing else. */
export function decodeBundle(tile: Tile, bytes: Uint8Array): Uint8Array[] {
  const { entries, left } = splitBundle(bytes);
  if (entries.length !== tile.width || left > 0) {
    throw refuse(tile, `expected ${tile.width} entries, got ${entries.length} and ${left} bytes more`);
  }
  return entries;
}
