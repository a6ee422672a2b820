import { compareBytes, concat } from './bytes.ts';
import { keccak } from './hash.ts';

/**
 * Merkle tree that OpenZeppelin's `MerkleProof.verify` accepts: keccak256, pairs sorted before hashing, an odd node
 * carried up unchanged. Leaves are hashed twice (`hashLeaf`), so that no inner node can be passed off as a leaf.
 */

/** keccak256(keccak256(encoded)), where `encoded` is `abi.encode` of the leaf's fields. */
export const hashLeaf = (encoded: Uint8Array): Uint8Array => keccak(keccak(encoded));

function hashPair(a: Uint8Array, b: Uint8Array): Uint8Array {
  return compareBytes(a, b) < 0 ? keccak(concat(a, b)) : keccak(concat(b, a));
}

export interface MerkleTree {
  readonly root: Uint8Array;
  /** Levels from the leaves up to the root. */
  readonly levels: readonly (readonly Uint8Array[])[];
}

/** The root of no leaves: 32 zero bytes, which no path reaches. */
export const EMPTY_ROOT: Uint8Array = new Uint8Array(32);

/** Builds the tree over hashed leaves, in the order given. */
export function buildMerkleTree(leaves: readonly Uint8Array[]): MerkleTree {
  if (leaves.length === 0) return { root: EMPTY_ROOT, levels: [[]] };
  const levels: Uint8Array[][] = [[...leaves]];
  for (let level = levels[0] as Uint8Array[]; level.length > 1; ) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array;
      const right = level[i + 1];
      next.push(right === undefined ? left : hashPair(left, right));
    }
    levels.push(next);
    level = next;
  }
  return { root: (levels.at(-1) as Uint8Array[])[0] as Uint8Array, levels };
}

/** @throws {RangeError} when the tree has no leaf `index`. */
export function proveMembership(tree: MerkleTree, index: number): Uint8Array[] {
  if (index < 0 || index >= (tree.levels[0] as Uint8Array[]).length) throw new RangeError(`no leaf ${index}`);
  const path: Uint8Array[] = [];
  let position = index;
  for (const level of tree.levels.slice(0, -1)) {
    const sibling = level[position ^ 1];
    if (sibling !== undefined) path.push(sibling);
    position >>= 1;
  }
  return path;
}

/** The root reached by hashing `leaf` up the `path`. */
export const rootOfPath = (leaf: Uint8Array, path: readonly Uint8Array[]): Uint8Array => path.reduce(hashPair, leaf);

/** Whether hashing `leaf` up the `path` gives `root`. */
export function verifyMembership(root: Uint8Array, leaf: Uint8Array, path: readonly Uint8Array[]): boolean {
  return compareBytes(rootOfPath(leaf, path), root) === 0;
}
