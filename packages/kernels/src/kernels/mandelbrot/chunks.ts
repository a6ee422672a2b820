import { checkChunkIndex } from '../../chunk-index.ts';
import type { ChunkRules } from '../../kernel.ts';
import { mandelbrotManifest } from './manifest.ts';
import { readTile } from './params.ts';
import { mandelbrotReference } from './reference.ts';

/** A chunk is one row of the tile; a tile has at most 512. */
export const mandelbrotChunks: ChunkRules = {
  count: (params) => readTile(params).height,
  slice(params, result, index) {
    const { width, height } = readTile(params);
    checkChunkIndex(mandelbrotManifest, index, height);
    return result.subarray(index * width * 2, (index + 1) * width * 2);
  },
  compute({ params }, index) {
    const tile = readTile(params);
    checkChunkIndex(mandelbrotManifest, index, tile.height);
    const counts = mandelbrotReference({ ...tile, y: tile.y + index, height: 1 });
    return new Uint8Array(counts.buffer);
  },
};
