import { toHex, u32be } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { type Chunked, chunked, type Found } from '@reckon/protocol/testing/shard-driver';

/** The one right result of every unit: units are told apart by their tags, so its bytes may be the same everywhere. */
export const RIGHT = toHex(sha256(u32be(1))) as BlobDigest;

const rightChunk = (index: number): Uint8Array => sha256(u32be(10_000 + index));
const trees = new Map<string, Chunked>();

/** Patterns of forged chunks; a forger takes one of them, so that trees need not be built for each result. */
const PATTERNS = 61;

function build(count: number, forgedShare: number, pattern: number): Chunked {
  const digests = Array.from({ length: count }, (_, index) => rightChunk(index));
  if (forgedShare > 0) {
    const random = createSeededRandom(pattern + 1);
    const places = digests.map((_, index) => index);
    const forged = Math.max(1, Math.ceil(forgedShare * count - 1e-9));
    for (let i = 0; i < forged; i++) {
      const j = i + random.below(count - i);
      [places[i], places[j]] = [places[j] as number, places[i] as number];
      digests[places[i] as number] = sha256(u32be(1_000_000 * (pattern + 1) + (places[i] as number)));
    }
  }
  return chunked(digests);
}

/** The tree over `count` chunks of which a share is forged; undefined for kernels without chunks. */
export function treeOf(count: number, forgedShare = 0, variant = 0): Chunked | undefined {
  if (count === 0) return undefined;
  const pattern = forgedShare === 0 ? 0 : variant % PATTERNS;
  const key = `${count} ${forgedShare} ${pattern}`;
  const tree = trees.get(key) ?? build(count, forgedShare, pattern);
  trees.set(key, tree);
  return tree;
}

export const rightAnswer = (count: number): Found => withTree({ digest: RIGHT, certificate: true }, treeOf(count));

/** A wrong result; equal variants are equal bytes. */
export const forgedAnswer = (count: number, share: number, variant: number): Found =>
  withTree(
    { digest: toHex(sha256(u32be(2_000_000_000 + variant))) as BlobDigest, certificate: false },
    treeOf(count, share, variant),
  );

const withTree = (found: Found, tree: Chunked | undefined): Found => (tree === undefined ? found : { ...found, tree });
