import { fromHex, toHex } from '../base/bytes.ts';
import { sha256 } from '../base/hash.ts';
import type { Hash } from '../base/ids.ts';

/**
 * A result's chunks under one root, so that a node commits to all of them before it learns which are recomputed. The tree
 * is that of RFC 6962 section 2.1: leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right), an odd node carried
 * up. An entry is u32 index ‖ u32 count ‖ digest: the same digest elsewhere, or among another number, is another leaf.
 */
export interface ChunkTree {
  readonly root: Hash;
  /** Levels from the leaves up to the root. */
  readonly levels: readonly (readonly Uint8Array[])[];
}

/** Digest of a chunk's bytes, under which it is committed to. */
export const chunkDigest = (bytes: Uint8Array): Uint8Array => sha256(bytes);

/** Messages are written here and hashed at once: building each anew would cost as much as hashing it. */
const leafMessage = new Uint8Array(41);
const leafNumbers = new DataView(leafMessage.buffer);
const nodeMessage = Uint8Array.of(1, ...new Uint8Array(64));

function hashLeaf(index: number, count: number, digest: Uint8Array): Uint8Array {
  leafNumbers.setUint32(1, index);
  leafNumbers.setUint32(5, count);
  leafMessage.set(hash32(digest), 9);
  return sha256(leafMessage);
}

function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeMessage.set(hash32(left), 1);
  nodeMessage.set(hash32(right), 33);
  return sha256(nodeMessage);
}

/** A shorter one would leave bytes of the message before. */
function hash32(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw new RangeError(`a hash has 32 bytes, not ${bytes.length}`);
  return bytes;
}

/** The tree over `digests`, each of 32 bytes. @throws {RangeError} without digests: a result has at least one chunk. */
export function chunkTree(digests: readonly Uint8Array[]): ChunkTree {
  if (digests.length === 0) throw new RangeError('a result has at least one chunk');
  let level = digests.map((digest, index) => hashLeaf(index, digests.length, digest));
  const levels = [level];
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, i) => {
      const left = below[2 * i] as Uint8Array;
      const right = below[2 * i + 1];
      return right === undefined ? left : hashNode(left, right);
    });
    levels.push(level);
  }
  return { root: toHex(level[0] as Uint8Array), levels };
}

/** The hashes beside chunk `index` on its way to the root, from below. @throws {RangeError} when there is no such chunk. */
export function openChunk(tree: ChunkTree, index: number): Hash[] {
  const count = (tree.levels[0] as readonly Uint8Array[]).length;
  if (!(index in (tree.levels[0] as object))) throw new RangeError(`no chunk ${index} of ${count}`);
  return tree.levels.slice(0, -1).flatMap((level, height) => {
    const beside = level[(index >> height) ^ 1];
    return beside === undefined ? [] : [toHex(beside)];
  });
}

/** A chunk's digest and the hashes beside it, as they travel, with the root, the chunk's place and the number of chunks. */
export interface Opening {
  root: Hash;
  count: number;
  index: number;
  digest: Hash;
  path: readonly Hash[];
}

/**
 * Did the one who committed to `root` put `digest` at `index` of `count` chunks? The path must have the one length that
 * index and count give. Source: RFC 9162 section 2.1.3.2.
 */
export function verifyOpening({ root, count, index, digest, path }: Opening): boolean {
  if (!Number.isInteger(count) || !Number.isInteger(index) || index < 0 || index >= count || count > 2 ** 31)
    return false;
  let node = hashLeaf(index, count, fromHex(digest));
  let next = 0;
  // `at` is the node's place in its level and `last` the place of the level's last node.
  for (let at = index, last = count - 1; last > 0; at >>= 1, last >>= 1) {
    // Without a neighbour it was carried up.
    if (at === last && at % 2 === 0) continue;
    const text = path[next++];
    if (text === undefined) return false;
    const beside = fromHex(text);
    node = at % 2 === 1 ? hashNode(beside, node) : hashNode(node, beside);
  }
  return next === path.length && toHex(node) === root;
}
