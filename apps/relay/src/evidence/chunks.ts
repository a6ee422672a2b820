import type { KernelRules } from '@reckon/kernels/kernel';
import type { Hash } from '@reckon/protocol/base/ids';
import { toHex } from '@reckon/protocol/base/bytes';
import { chunkDigest, type ChunkTree, chunkTree, openChunk } from '@reckon/protocol/trust/chunk-tree';
import type { ChunkOpening } from '@reckon/protocol/model/check-answer';

/** A result's chunks: their digests and the tree over them. */
export interface ChunkedResult extends ChunkTree {
  readonly digests: readonly Uint8Array[];
}

/** Undefined where the kernel has no chunks. `result` must be well-formed. @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function chunksOf({ chunks }: KernelRules, params: string, result: Uint8Array): ChunkedResult | undefined {
  if (chunks === undefined) return undefined;
  const digests = Array.from({ length: chunks.count(params) }, (_, i) => chunkDigest(chunks.slice(params, result, i)));
  return { ...chunkTree(digests), digests };
}

export const digestAt = ({ digests }: ChunkedResult, index: number): Hash => toHex(digests[index] as Uint8Array);

/** @throws {RangeError} when there is no such chunk. */
export const openingAt = (chunked: ChunkedResult, index: number): ChunkOpening => ({
  digest: digestAt(chunked, index),
  path: openChunk(chunked, index),
});
