import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, fromHex, toHex, toUtf8 } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import {
  hashRange,
  proveConsistency,
  proveInclusion,
  type ReadHash,
  verifyConsistency,
  verifyInclusion,
} from './log-proofs.ts';
import { textbookRoot } from '../../testing/static-log.ts';
import { hashEntry } from './log-tree.ts';

/** The test tree of Certificate Transparency, whose roots and proofs every implementation is compared with. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const bytesOf = (hex: string) => fromHex(`0x${hex}`);
const leaves = LEAVES.map(bytesOf);
const entriesOf = (size: number) => Array.from({ length: size }, (_, i) => toUtf8(`entry ${i}`));

const readerOf =
  (entries: readonly Uint8Array[]): ReadHash =>
  (level, index) => {
    const below = entries.slice(index * 2 ** level, (index + 1) * 2 ** level);
    expect(below.length).toBe(2 ** level); // asked only for what is whole
    return textbookRoot(below);
  };
const hexOf = (path: readonly Uint8Array[]) => path.map(toHex);

/** PATH and SUBPROOF of RFC 6962 sections 2.1.1 and 2.1.2, written down as they stand there. */
const splitOf = (size: number): number => (size <= 2 ? 1 : 2 ** Math.ceil(Math.log2(size) - 1));
function textbookPath(index: number, entries: readonly Uint8Array[]): Uint8Array[] {
  if (entries.length === 1) return [];
  const k = splitOf(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return index < k
    ? [...textbookPath(index, left), textbookRoot(right)]
    : [...textbookPath(index - k, right), textbookRoot(left)];
}
function textbookProof(m: number, entries: readonly Uint8Array[], whole = true): Uint8Array[] {
  if (m === entries.length) return whole ? [] : [textbookRoot(entries)];
  const k = splitOf(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m <= k
    ? [...textbookProof(m, left, whole), textbookRoot(right)]
    : [...textbookProof(m - k, right, false), textbookRoot(left)];
}

test('the roots of the known tree', async () => {
  for (const [i, root] of ROOTS.entries()) {
    expect(toHex(await hashRange(readerOf(leaves), 0, i + 1))).toBe(`0x${root}`);
  }
});

test.each([
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
])('the known inclusion proof of entry %i in %i', async (index, size, known) => {
  const path = await proveInclusion(readerOf(leaves), index, size);
  expect(hexOf(path)).toEqual(known.map((hash) => `0x${hash}`));
  const [hash, root] = [hashEntry(leaves[index] as Uint8Array), bytesOf(ROOTS[size - 1] as string)];
  expect(verifyInclusion({ index, size, hash, root, path })).toBe(true);
});

test.each([
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
  [
    6,
    7,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
])('the known consistency proof from %i to %i', async (oldSize, newSize, known) => {
  const path = await proveConsistency(readerOf(leaves), oldSize, newSize);
  expect(hexOf(path)).toEqual(known.map((hash) => `0x${hash}`));
  const [oldRoot, newRoot] = [bytesOf(ROOTS[oldSize - 1] as string), bytesOf(ROOTS[newSize - 1] as string)];
  expect(verifyConsistency({ oldSize, newSize, oldRoot, newRoot, path })).toBe(true);
});

test('up to 20 entries every proof is the textbook’s, and verifies for nothing else', async () => {
  const entries = entriesOf(20);
  const read = readerOf(entries);
  const rootOf = (size: number) => textbookRoot(entries.slice(0, size));
  for (let size = 1; size <= 20; size++) {
    for (let other = 0; other < size; other++) {
      const inclusion = await proveInclusion(read, other, size);
      expect(hexOf(inclusion)).toEqual(hexOf(textbookPath(other, entries.slice(0, size))));
      const hash = hashEntry(entries[other] as Uint8Array);
      for (let index = 0; index < size; index++) {
        const claim = { index, size, hash, root: rootOf(size), path: inclusion };
        expect(verifyInclusion(claim)).toBe(index === other);
      }
      const consistency = await proveConsistency(read, other + 1, size);
      expect(hexOf(consistency)).toEqual(hexOf(textbookProof(other + 1, entries.slice(0, size))));
      for (let oldSize = 1; oldSize <= size; oldSize++) {
        const claim = { oldSize, newSize: size, oldRoot: rootOf(oldSize), newRoot: rootOf(size), path: consistency };
        if (oldSize === other + 1) expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, oldRoot: sha256(toUtf8('another')) })).toBe(false);
      }
    }
  }
});

/** What can be done to a path: a bit flipped, a hash dropped, doubled, put first or last, cut short. */
const spoilings = (path: readonly Uint8Array[], bit: number): (readonly Uint8Array[])[] => [
  ...path.map((_, i) => path.toSpliced(i, 1)),
  ...path.map((hash, i) =>
    path.with(
      i,
      hash.map((byte, j) => (j === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)),
    ),
  ),
  ...path.map((hash, i) => path.with(i, hash.slice(1))),
  [...path, sha256(new Uint8Array(0))],
  [sha256(new Uint8Array(0)), ...path],
  [...path, new Uint8Array(0)],
];

test('a spoiled proof verifies for no size, index or root', () => {
  const entries = entriesOf(64);
  const read = readerOf(entries);
  return fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 2, max: 64 }), fc.nat(255), async (draw, size, bit) => {
      const index = draw % size;
      const [root, hash] = [textbookRoot(entries.slice(0, size)), hashEntry(entries[index] as Uint8Array)];
      for (const path of spoilings(await proveInclusion(read, index, size), bit)) {
        expect(verifyInclusion({ index, size, hash, root, path })).toBe(false);
      }
      const oldSize = 1 + (draw % (size - 1));
      const claim = { oldSize, newSize: size, oldRoot: textbookRoot(entries.slice(0, oldSize)), newRoot: root };
      for (const path of spoilings(await proveConsistency(read, oldSize, size), bit)) {
        expect(verifyConsistency({ ...claim, path })).toBe(false);
      }
    }),
    { numRuns: 40 },
  );
});

test('what has no proof is refused', async () => {
  const hash = sha256(new Uint8Array(1));
  expect(verifyInclusion({ index: 0, size: 0, hash, root: hash, path: [] })).toBe(false);
  expect(verifyInclusion({ index: 1, size: 1, hash, root: hash, path: [] })).toBe(false);
  expect(verifyInclusion({ index: 0, size: 1, hash, root: hash, path: [] })).toBe(true);
  const same = { oldRoot: hash, newRoot: hash, path: [] };
  expect(verifyConsistency({ oldSize: 2, newSize: 1, ...same })).toBe(false);
  expect(verifyConsistency({ oldSize: 1, newSize: 2, ...same })).toBe(false);
  expect(verifyConsistency({ oldSize: 1, newSize: 1, ...same, path: [hash] })).toBe(false);
  expect(verifyConsistency({ oldSize: 1, newSize: 1, ...same, newRoot: concat(hash) })).toBe(true);
  await expect(proveInclusion(() => hash, 1, 1)).rejects.toThrow(RangeError);
  await expect(proveConsistency(() => hash, 3, 2)).rejects.toThrow(RangeError);
});

test('a size no log has is walked without rounding', async () => {
  const asked: [number, number][] = [];
  const read: ReadHash = (level, index) => {
    asked.push([level, index]);
    return new Uint8Array(32);
  };
  await hashRange(read, 0, 2 ** 52 - 1);
  expect(asked[0]).toEqual([51, 0]);
  expect(asked.length).toBe(52);
});
