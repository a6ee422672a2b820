import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../testing/arbitraries.ts';
import { toHex } from './bytes.ts';
import { buildMerkleTree, EMPTY_ROOT, hashLeaf, proveMembership, verifyMembership } from './merkle.ts';

const leaves = fc.array(bytes(32), { minLength: 1, maxLength: 40 });

test('every leaf proves its membership', () => {
  fc.assert(
    fc.property(leaves, (encoded) => {
      const hashed = encoded.map(hashLeaf);
      const tree = buildMerkleTree(hashed);
      return hashed.every((leaf, index) => verifyMembership(tree.root, leaf, proveMembership(tree, index)));
    }),
  );
});

test('a leaf that is not in the tree has no path to its root', () => {
  fc.assert(
    fc.property(leaves, bytes(32), fc.nat(), (encoded, stranger, pick) => {
      fc.pre(!encoded.some((leaf) => toHex(leaf) === toHex(stranger)));
      const tree = buildMerkleTree(encoded.map(hashLeaf));
      return !verifyMembership(tree.root, hashLeaf(stranger), proveMembership(tree, pick % encoded.length));
    }),
  );
});

test('changing one bit of a path breaks it', () => {
  fc.assert(
    fc.property(fc.array(bytes(32), { minLength: 2, maxLength: 20 }), fc.nat(), fc.nat(255), (encoded, pick, bit) => {
      const hashed = encoded.map(hashLeaf);
      const tree = buildMerkleTree(hashed);
      const index = pick % hashed.length;
      const path = proveMembership(tree, index);
      const flipped = path[0] as Uint8Array;
      flipped.set([(flipped[bit >> 3] as number) ^ (1 << (bit & 7))], bit >> 3);
      return !verifyMembership(tree.root, hashed[index] as Uint8Array, path);
    }),
  );
});

test('an empty tree has the zero root and no members', () => {
  const tree = buildMerkleTree([]);
  expect(tree.root).toEqual(EMPTY_ROOT);
  expect(() => proveMembership(tree, 0)).toThrow(RangeError);
});
