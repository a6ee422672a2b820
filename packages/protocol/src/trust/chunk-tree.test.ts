import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, fromHex, toHex, u32be } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import type { Hash } from '../base/ids.ts';
import { chunkDigest, chunkTree, openChunk, verifyOpening } from './chunk-tree.ts';

const digestsOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => chunkDigest(u32be(i)));

/** RFC 6962 section 2.1, as it is written there. */
function treeHash(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 1) return sha256(concat(Uint8Array.of(0), entries[0] as Uint8Array));
  let half = 1;
  while (half * 2 < entries.length) half *= 2;
  return sha256(concat(Uint8Array.of(1), treeHash(entries.slice(0, half)), treeHash(entries.slice(half))));
}

function opening(count: number, index: number) {
  const digests = digestsOf(count);
  const tree = chunkTree(digests);
  return { root: tree.root, count, index, digest: toHex(digests[index] as Uint8Array), path: openChunk(tree, index) };
}

// Computed with Python's hashlib over chunks of one byte, 0, 1, 2, …
test.each([
  [1, '0xb0d1cf08682987b4a4d5bea526fddc73581803908dbc61b764a2b726881ce7fd'],
  [5, '0x8cf3e4190beb3de695def6e876712f8049be2ddc7254ef0f63fff798506b4d19'],
  [256, '0xd5bfe0e737d492546f1f90d118a65ad19621c972d3a9c5d0721e5570ae7f1fb8'],
])('the root of %i chunks is the known one', (count, root) => {
  expect(chunkTree(Array.from({ length: count }, (_, i) => chunkDigest(Uint8Array.of(i)))).root).toBe(root);
});

const place = fc.integer({ min: 1, max: 70 }).chain((count) => fc.tuple(fc.constant(count), fc.nat(count - 1)));

test('the root is that of RFC 6962 over index, count and digest, for every number of chunks', () => {
  for (let count = 1; count <= 70; count++) {
    const digests = digestsOf(count);
    const entries = digests.map((digest, i) => concat(u32be(i), u32be(count), digest));
    expect(chunkTree(digests).root).toBe(toHex(treeHash(entries)));
  }
});

test('every chunk opens, at every number of chunks', () => {
  for (let count = 1; count <= 70; count++) {
    const digests = digestsOf(count);
    const tree = chunkTree(digests);
    digests.forEach((digest, index) => {
      const path = openChunk(tree, index);
      expect(verifyOpening({ root: tree.root, count, index, digest: toHex(digest), path })).toBe(true);
    });
  }
  expect(opening(1024, 1023).path).toHaveLength(10);
});

const otherHash = (hash: Hash): Hash => toHex(chunkDigest(fromHex(hash)));

test('another index, count, digest, root or path fails', () => {
  fc.assert(
    fc.property(place, place, fc.nat(), ([count, index], [otherCount, otherIndex], seed) => {
      const right = opening(count, index);
      const { path } = right;
      const at = seed % Math.max(1, path.length);
      const wrong = [
        otherIndex !== index && { index: otherIndex },
        otherCount !== count && { count: otherCount },
        { digest: otherHash(right.digest) },
        { root: otherHash(right.root) },
        { path: [...path, right.root] },
        { path: [right.digest, ...path] },
        path.length > 0 && { path: path.slice(0, -1) },
        path.length > 0 && { path: path.with(at, otherHash(path[at] as Hash)) },
        path.length > 1 && { path: path.toReversed() },
      ];
      for (const change of wrong) {
        if (change !== false) expect(verifyOpening({ ...right, ...change })).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

test('places that are none fail', () => {
  const right = opening(8, 3);
  for (const [index, count] of [
    [-1, 8],
    [8, 8],
    [0.5, 8],
    [Number.NaN, 8],
    [3, 8.5],
    [3, 0],
    [3, 2 ** 40],
  ] as const) {
    expect(verifyOpening({ ...right, index, count })).toBe(false);
  }
  expect(() => openChunk(chunkTree(digestsOf(3)), 3)).toThrow(RangeError);
  expect(() => openChunk(chunkTree(digestsOf(3)), -1)).toThrow(RangeError);
  expect(() => chunkTree([])).toThrow(RangeError);
});

test('an inner node opens as no chunk', () => {
  const digests = digestsOf(4);
  const tree = chunkTree(digests);
  const [left, right] = tree.levels[1] as readonly Uint8Array[];
  // A tree of the two inner nodes as if they were leaves: its openings say nothing about the root of four.
  for (const [index, node, beside] of [
    [0, left, right],
    [1, right, left],
  ] as const) {
    const path = [toHex(beside as Uint8Array)];
    expect(verifyOpening({ root: tree.root, count: 2, index, digest: toHex(node as Uint8Array), path })).toBe(false);
  }
  expect(verifyOpening({ root: tree.root, count: 1, index: 0, digest: tree.root, path: [] })).toBe(false);
});

test('a digest that is not of 32 bytes is no leaf', () => {
  expect(() => chunkTree([new Uint8Array(31)])).toThrow(RangeError);
  expect(() => verifyOpening({ ...opening(4, 1), digest: '0x00' })).toThrow(RangeError);
});
