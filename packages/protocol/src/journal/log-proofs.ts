import { equalBytes } from '../base/bytes.ts';
import { hashNode } from './log-tree.ts';

/**
 * Reads the root of one full subtree: that of the 2^level entries from index·2^level on. Level 0 is an entry's hash.
 * All entries below it must be in the log.
 */
export type ReadHash = (level: number, index: number) => Uint8Array | Promise<Uint8Array>;

/** Everything a Merkle path may contain. */
const isHash = (bytes: Uint8Array): boolean => bytes.length === 32;
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);

/** The largest power of two below `size`, which is at least 2 (RFC 9162 section 2.1.1: k). */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** n where `size` is 2^n. Math.log2 would round above 2^47. */
function levelOf(size: number): number | undefined {
  let level = 0;
  for (let power = 1; power < size; power *= 2) level++;
  return 2 ** level === size ? level : undefined;
}

/** MTH(D[begin:end]) of RFC 9162 section 2.1.1, where `begin` is a multiple of the next power of two ≥ end - begin. */
export async function hashRange(read: ReadHash, begin: number, end: number): Promise<Uint8Array> {
  const size = end - begin;
  const level = levelOf(size);
  if (level !== undefined) return await read(level, begin / size);
  const middle = begin + splitOf(size);
  return hashNode(await hashRange(read, begin, middle), await hashRange(read, middle, end));
}

/**
 * The inclusion proof of entry `index` in the log's first `size` entries, lowest hash first (RFC 9162 section 2.1.3.1).
 * @throws {RangeError} when the entry is not among them.
 */
export async function proveInclusion(read: ReadHash, index: number, size: number): Promise<Uint8Array[]> {
  if (index < 0 || index >= size) throw new RangeError(`no entry ${index} among ${size}`);
  const path: Uint8Array[] = [];
  for (let begin = 0, end = size; end - begin > 1; ) {
    const middle = begin + splitOf(end - begin);
    const isLeft = index < middle;
    path.push(await (isLeft ? hashRange(read, middle, end) : hashRange(read, begin, middle)));
    [begin, end] = isLeft ? [begin, middle] : [middle, end];
  }
  return path.reverse();
}

/** Whether the path shows the entry's hash at `index` of the log of that size and root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(claim: {
  index: number;
  size: number;
  hash: Uint8Array;
  root: Uint8Array;
  path: readonly Uint8Array[];
}): boolean {
  const { index, size, hash, root, path } = claim;
  if (index < 0 || index >= size || !isHash(hash) || !path.every(isHash)) return false;
  let [at, last, reached] = [index, size - 1, hash];
  for (const sibling of path) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      reached = hashNode(sibling, reached);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else reached = hashNode(reached, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(reached, root);
}

/**
 * The consistency proof that the log's first `newSize` entries begin with its first `oldSize` ones (RFC 9162 section
 * 2.1.4.1). Empty when the sizes are the same or the old one is 0.
 * @throws {RangeError} when the old size is the larger.
 */
export async function proveConsistency(read: ReadHash, oldSize: number, newSize: number): Promise<Uint8Array[]> {
  if (oldSize < 0 || oldSize > newSize) throw new RangeError(`${oldSize} entries are no beginning of ${newSize}`);
  if (oldSize === 0) return [];
  const path: Uint8Array[] = [];
  let [begin, end] = [0, newSize];
  while (end !== oldSize) {
    const middle = begin + splitOf(end - begin);
    const isLeft = oldSize <= middle;
    path.push(await (isLeft ? hashRange(read, middle, end) : hashRange(read, begin, middle)));
    [begin, end] = isLeft ? [begin, middle] : [middle, end];
  }
  // From 0 on it is the old root itself, which who verifies has.
  if (begin > 0) path.push(await hashRange(read, begin, end));
  return path.reverse();
}

/** Whether the path shows that the new log begins with the old one (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(claim: {
  oldSize: number;
  newSize: number;
  oldRoot: Uint8Array;
  newRoot: Uint8Array;
  path: readonly Uint8Array[];
}): boolean {
  const { oldSize, newSize, oldRoot, newRoot, path } = claim;
  if (oldSize < 0 || oldSize > newSize || !path.every(isHash)) return false;
  if (oldSize === newSize) return path.length === 0 && equalBytes(oldRoot, newRoot);
  if (oldSize === 0) return path.length === 0;
  // A log of 2^n entries is one full subtree of the new one, so that its root is where the path begins.
  const [first, ...rest] = levelOf(oldSize) !== undefined ? [oldRoot, ...path] : path;
  if (first === undefined) return false;
  let [at, last] = [oldSize - 1, newSize - 1];
  while (isOdd(at)) [at, last] = [half(at), half(last)];
  let [old, young] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      [old, young] = [hashNode(sibling, old), hashNode(sibling, young)];
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else young = hashNode(young, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(old, oldRoot) && equalBytes(young, newRoot);
}
