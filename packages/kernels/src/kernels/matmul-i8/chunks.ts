import { MAX_CHUNKS } from '@reckon/protocol/model/kernel-manifest';
import { checkChunkIndex } from '../../chunk-index.ts';
import type { ChunkRules } from '../../kernel.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import { sliceRows } from '../../tensor/tensor.ts';
import { matmulManifest } from './manifest.ts';
import { type Block, readBlock, readFactors } from './params.ts';
import { matmulReference } from './reference.ts';

/** Rows in every chunk but the last: one, unless that would give more chunks than there may be. */
const rowsPerChunk = ({ rows }: Block): number => Math.ceil(rows / MAX_CHUNKS);
const chunkCount = (block: Block): number => Math.ceil(block.rows / rowsPerChunk(block));

/** First row of a chunk, and the row after its last. */
function rowsOf(block: Block, index: number): [from: number, to: number] {
  checkChunkIndex(matmulManifest, index, chunkCount(block));
  const each = rowsPerChunk(block);
  return [index * each, Math.min(block.rows, (index + 1) * each)];
}

/** A chunk is a row of the product, or a few of them; the first carries the file's header too. */
export const matmulChunks: ChunkRules = {
  count: (params) => chunkCount(readBlock(params)),
  slice(params, result, index) {
    const block = readBlock(params);
    const [from, to] = rowsOf(block, index);
    const rowBytes = block.columns * 4;
    // Counted from the end, since a well-formed file may have a longer header than ours.
    const data = result.length - block.rows * rowBytes;
    return result.subarray(index === 0 ? 0 : data + from * rowBytes, data + to * rowBytes);
  },
  compute(input, index) {
    const { block, a, b } = readFactors(input);
    const [from, to] = rowsOf(block, index);
    const product = matmulReference(sliceRows(a, from, to), b);
    const data = new Uint8Array(product.buffer);
    return index === 0 ? encodeNpy({ dtype: 'int32', shape: [block.rows, block.columns], data }) : data;
  },
};
