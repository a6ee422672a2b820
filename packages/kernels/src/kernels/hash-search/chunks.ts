import { checkChunkIndex } from '../../chunk-index.ts';
import type { ChunkRules } from '../../kernel.ts';
import { chunkAt, chunkCount, cutChunks, encodeChunk } from './layout.ts';
import { hashSearchManifest } from './manifest.ts';
import { readRange } from './params.ts';
import { searchReference } from './reference.ts';

/** A chunk is an equal share of the unit's counters, with all its hits and a witness: who leaves a hit out changes one chunk, who computes nothing changes all. */
export const hashSearchChunks: ChunkRules = {
  count: (params) => chunkCount(readRange(params)),
  slice(params, result, index) {
    const range = readRange(params);
    checkChunkIndex(hashSearchManifest, index, chunkCount(range));
    return cutChunks(range, result)?.[index] ?? result.subarray(0, 0);
  },
  compute({ params }, index) {
    const range = readRange(params);
    checkChunkIndex(hashSearchManifest, index, chunkCount(range));
    const { first, count } = chunkAt(range, index);
    return encodeChunk(searchReference(range, first, count));
  },
};
