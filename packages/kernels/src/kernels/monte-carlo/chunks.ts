import { checkChunkIndex } from '../../chunk-index.ts';
import type { ChunkRules } from '../../kernel.ts';
import { monteCarloManifest } from './manifest.ts';
import { readUnit, type Unit } from './params.ts';
import { encodeRecord, RECORD_BYTES } from './record.ts';
import { blockReference } from './reference.ts';

/** Blocks of a unit; the last one may be shorter. */
export const blockCount = ({ paths, pathsPerBlock }: Unit): number => Math.ceil(paths / pathsPerBlock);

/** A chunk is one block of paths: its record. */
export const monteCarloChunks: ChunkRules = {
  count: (params) => blockCount(readUnit(params)),
  slice(params, result, index) {
    checkChunkIndex(monteCarloManifest, index, blockCount(readUnit(params)));
    return result.subarray(index * RECORD_BYTES, (index + 1) * RECORD_BYTES);
  },
  compute({ params }, index) {
    const unit = readUnit(params);
    checkChunkIndex(monteCarloManifest, index, blockCount(unit));
    return encodeRecord(blockReference(unit, index));
  },
};
