import { checkChunkIndex } from '../../chunk-index.ts';
import type { ChunkRules } from '../../kernel.ts';
import { renderManifest } from './manifest.ts';
import { readTile } from './params.ts';
import { renderReference } from './reference.ts';

/** Red, green and blue as f32. */
export const PIXEL_BYTES = 12;

/** A chunk is one row of the tile; a tile has at most 512. */
export const renderChunks: ChunkRules = {
  count: (params) => readTile(params).height,
  slice(params, result, index) {
    const { width, height } = readTile(params);
    checkChunkIndex(renderManifest, index, height);
    return result.subarray(index * width * PIXEL_BYTES, (index + 1) * width * PIXEL_BYTES);
  },
  compute({ params }, index) {
    const tile = readTile(params);
    checkChunkIndex(renderManifest, index, tile.height);
    const pixels = renderReference({ ...tile, y: tile.y + index, height: 1 });
    return new Uint8Array(pixels.buffer);
  },
};
