import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from '../base/bytes.ts';
import {
  decodeBundle,
  decodeTile,
  encodeBundle,
  encodeTile,
  MAX_ENTRY_BYTES,
  maxTileBytes,
  splitBundle,
} from './tile-bytes.ts';
import type { Tile } from './tiles.ts';

const bundleOf = (width: number): Tile => ({ kind: 'entries', index: 3, width });
const tileOf = (width: number): Tile => ({ kind: 'hashes', level: 0, index: 3, width });
const invalid = expect.objectContaining({ code: 'LOG_TILE_INVALID' });
const arbitraryEntries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 });

test('entries stand behind their length in two bytes, the high one first', () => {
  const bytes = encodeBundle([Uint8Array.of(7), new Uint8Array(258)]);
  expect([...bytes.slice(0, 6)]).toEqual([0, 1, 7, 1, 2, 0]);
  expect(bytes.length).toBe(2 + 1 + 2 + 258);
});

test('bundles and tiles come back as they were', () => {
  fc.assert(
    fc.property(arbitraryEntries, (entries) => {
      expect(decodeBundle(bundleOf(entries.length), encodeBundle(entries))).toEqual(entries);
      const hashes = entries.map((_, i) => new Uint8Array(32).fill(i));
      expect(decodeTile(tileOf(hashes.length), encodeTile(hashes))).toEqual(hashes);
    }),
  );
});

test('a bundle cut anywhere, or with anything behind it, is refused', () => {
  fc.assert(
    fc.property(arbitraryEntries, fc.nat(), (entries, cut) => {
      const bytes = encodeBundle(entries);
      const shorter = bytes.slice(0, cut % bytes.length);
      expect(() => decodeBundle(bundleOf(entries.length), shorter)).toThrow(invalid);
      expect(() => decodeBundle(bundleOf(entries.length), concat(bytes, Uint8Array.of(0)))).toThrow(invalid);
      const split = splitBundle(shorter);
      expect(encodeBundle(split.entries)).toEqual(shorter.slice(0, shorter.length - split.left));
    }),
  );
});

test('a tile of another length is refused', () => {
  for (const bytes of [0, 31, 33, 64]) {
    expect(() => decodeTile(tileOf(1), new Uint8Array(bytes))).toThrow(invalid);
  }
});

test('the largest entry fits, a larger one does not, nor does a 257th', () => {
  const largest = new Uint8Array(MAX_ENTRY_BYTES);
  expect(decodeBundle(bundleOf(1), encodeBundle([largest]))).toEqual([largest]);
  expect(() => encodeBundle([new Uint8Array(MAX_ENTRY_BYTES + 1)])).toThrow(RangeError);
  expect(() => encodeBundle(Array.from({ length: 257 }, () => new Uint8Array(0)))).toThrow(RangeError);
  expect(maxTileBytes(bundleOf(1))).toBe(65_537);
  expect(maxTileBytes(tileOf(256))).toBe(8192);
});

test('no more than 256 entries are taken from a bundle, however many are sent', () => {
  expect(splitBundle(new Uint8Array(2 * 1000))).toMatchObject({ entries: { length: 256 }, left: 2 * 744 });
});
