import type { ChunkRules } from '@reckon/kernels/kernel';
import { NO_TRACE } from '@reckon/protocol/model/attestation';
import { chunkDigest, openChunk, chunkTree, verifyOpening } from '@reckon/protocol/trust/chunk-tree';
import { toHex } from '@reckon/protocol/base/bytes';
import { expect, test } from 'vitest';
import { traceRootOf } from './trace-root.ts';

const pairs: ChunkRules = {
  count: () => 3,
  slice: (_params, result, index) => result.subarray(2 * index, 2 * index + 2),
  compute: () => new Uint8Array(2),
};

test('the root opens to each chunk at its place', () => {
  const result = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const root = traceRootOf(pairs, '{}', result);
  const digests = [0, 1, 2].map((index) => chunkDigest(pairs.slice('{}', result, index)));
  const tree = chunkTree(digests);
  for (const [index, digest] of digests.entries()) {
    const opening = { root, count: 3, index, digest: toHex(digest), path: openChunk(tree, index) };
    expect(verifyOpening(opening)).toBe(true);
  }
});

test('a kernel without chunks has no trace', () => {
  expect(traceRootOf(undefined, '{}', new Uint8Array(4))).toBe(NO_TRACE);
});
