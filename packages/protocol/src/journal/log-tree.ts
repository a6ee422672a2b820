import { concat } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';

/**
 * The journal's Merkle tree, hashed as RFC 6962 section 2.1 (and C2SP tlog-tiles) says: leaf = SHA-256(0x00 ‖ entry),
 * node = SHA-256(0x01 ‖ left ‖ right). Only the frontier is kept: the roots of the full subtrees, largest first.
 */
export interface LogTree {
  readonly size: number;
  readonly frontier: readonly Uint8Array[];
}

export const EMPTY_LOG: LogTree = { size: 0, frontier: [] };

/** An entry's hash in the tree; a platform may have a faster one than the protocol's. */
export type HashEntry = (entry: Uint8Array) => Uint8Array;

export const hashEntry: HashEntry = (entry: Uint8Array): Uint8Array => sha256(concat(Uint8Array.of(0), entry));
export const hashNode = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  sha256(concat(Uint8Array.of(1), left, right));

export const appendToLog = (tree: LogTree, entry: Uint8Array): LogTree => appendHash(tree, hashEntry(entry));

/** The same for an entry whose hash is known. */
export function appendHash(tree: LogTree, hash: Uint8Array): LogTree {
  const frontier = [...tree.frontier];
  let node = hash;
  // Each trailing one bit of the size is a full subtree as large as the one just completed.
  for (let size = tree.size; size % 2 === 1; size = Math.floor(size / 2)) {
    node = hashNode(frontier.pop() as Uint8Array, node);
  }
  frontier.push(node);
  return { size: tree.size + 1, frontier };
}

/** The tree's root; SHA-256 of nothing for an empty log. */
export function rootOfLog(tree: LogTree): Uint8Array {
  return joinSubtrees(tree.frontier);
}

/** The root over the full subtrees of a log, left to right; SHA-256 of nothing for none. */
export function joinSubtrees(roots: readonly Uint8Array[]): Uint8Array {
  if (roots.length === 0) return sha256(new Uint8Array(0));
  return roots.reduceRight((right, left) => hashNode(left, right));
}

/** The roots of the full subtrees over a row of hashes, left to right, so the largest first. */
export function fullSubtrees(row: readonly Uint8Array[]): Uint8Array[] {
  const roots: Uint8Array[] = [];
  for (const [size, hash] of row.entries()) {
    let node = hash;
    for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = hashNode(roots.pop() as Uint8Array, node);
    }
    roots.push(node);
  }
  return roots;
}

/** The root of the subtree whose lowest hashes are this row. */
export const rootOfRow = (row: readonly Uint8Array[]): Uint8Array => joinSubtrees(fullSubtrees(row));
