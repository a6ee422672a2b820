import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTilePath, parseTilePath, rowLength, type Tile, tilesOf, tileWidth } from './tiles.ts';

test.each<[string, Tile]>([
  ['tile/0/000', { kind: 'hashes', level: 0, index: 0, width: 256 }],
  ['tile/0/x001/x234/067', { kind: 'hashes', level: 0, index: 1_234_067, width: 256 }],
  ['tile/63/x001/000.p/1', { kind: 'hashes', level: 63, index: 1000, width: 1 }],
  ['tile/entries/x001/x234/067.p/8', { kind: 'entries', index: 1_234_067, width: 8 }],
  ['tile/entries/255', { kind: 'entries', index: 255, width: 256 }],
])('%s', (path, tile) => {
  expect(formatTilePath(tile)).toBe(path);
  expect(parseTilePath(path)).toEqual(tile);
});

const arbitraryTile = fc
  .record({ entries: fc.boolean(), level: fc.nat(63), index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) })
  .map(
    ({ entries, level, index, width }): Tile =>
      entries ? { kind: 'entries', index, width } : { kind: 'hashes', level, index, width },
  );

test('every address has one path and comes back from it', () => {
  fc.assert(
    fc.property(arbitraryTile, (tile) => {
      expect(parseTilePath(formatTilePath(tile))).toEqual(tile);
    }),
  );
});

test.each([
  '',
  'tile/0',
  'tile/0/',
  'tile/64/000',
  'tile/00/000',
  'tile/-1/000',
  'tile/0x1/000',
  'tile/0/0',
  'tile/0/0000',
  'tile/0/001/067',
  'tile/0/x001/x067',
  'tile/0/x000/001',
  'tile/0/x001/67',
  'tile/0/000.p/0',
  'tile/0/000.p/01',
  'tile/0/000.p/256',
  'tile/0/000.p/999',
  'tile/0/000.p/',
  'tile/0/000.p',
  'tile/0/000/../001',
  'tile/0/%30%30%30',
  'tile/0/000\n',
  'tile/data/000',
  '/tile/0/000',
  'tile/0/x999/x999/x999/x999/x999/999',
  'tile/0/x009/x007/x199/x254/x740/992', // 2^53
  `tile/0/${'x001/'.repeat(1000)}000`,
])('"%s" is no tile', (path) => {
  expect(() => parseTilePath(path)).toThrow(expect.objectContaining({ code: 'LOG_TILE_INVALID' }));
});

const count = (size: number, level: number | 'entries', partial: boolean) =>
  [...tilesOf(size)].filter(
    (tile) => (tile.kind === 'entries' ? 'entries' : tile.level) === level && tile.width < 256 === partial,
  ).length;

test('the specification’s own example: 70,000 entries', () => {
  expect([count(70_000, 0, false), count(70_000, 0, true), tileWidth(70_000, 0, 273)]).toEqual([273, 1, 112]);
  expect([count(70_000, 1, false), count(70_000, 1, true), tileWidth(70_000, 1, 1)]).toEqual([1, 1, 17]);
  expect([count(70_000, 2, false), count(70_000, 2, true), tileWidth(70_000, 2, 0)]).toEqual([0, 1, 1]);
  expect([count(70_000, 'entries', false), count(70_000, 'entries', true)]).toEqual([273, 1]);
});

test('the specification’s own example: 256 entries are a full tile and a partial one above', () => {
  expect([...tilesOf(256)].map(formatTilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
  expect([...tilesOf(0)]).toEqual([]);
});

test('the widths of a row add up to floor(size / 256^level)', () => {
  fc.assert(
    fc.property(fc.nat(300_000), fc.nat(3), (size, level) => {
      const tiles = [...tilesOf(size)].filter((tile) => tile.kind === 'hashes' && tile.level === level);
      const sum = tiles.reduce((total, { width }) => total + width, 0);
      expect(sum).toBe(rowLength(size, level));
      expect(sum).toBe(Math.floor(size / 256 ** level));
    }),
    { numRuns: 40 },
  );
});
