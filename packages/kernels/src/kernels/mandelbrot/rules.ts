import { equalBytes } from '@reckon/protocol/base/bytes';
import type { KernelRules } from '../../kernel.ts';
import { reasonOf } from '../../params.ts';
import { checkUnitCount, unitCost } from '../../plan.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import { mandelbrotChunks } from './chunks.ts';
import { colourIndexes, MISSING, palette, tilePreview } from './colours.ts';
import { mandelbrotManifest } from './manifest.ts';
import { readPicture, readPictureJson, readTile, tilesOf } from './params.ts';
import { encodeIndexedPng } from '../../picture/png.ts';

/** Operations of one iteration. */
const OPERATIONS = 7;

/** Two bytes a pixel. */
function sizeOf(params: string): number {
  const { width, height } = readTile(params);
  return width * height * 2;
}

/** Tiles in, one picture out. */
export const mandelbrotRules: KernelRules = {
  manifest: mandelbrotManifest,
  split(params) {
    const picture = readPicture(params);
    const count = Math.ceil(picture.width / picture.tile) * Math.ceil(picture.height / picture.tile);
    checkUnitCount(mandelbrotManifest, 'tile', picture.tile, count);
    const most = (picture.tile ** 2 * picture.maxIterations * OPERATIONS) / 1e9;
    return {
      units: tilesOf(picture).map((tile) => ({ params: JSON.stringify(tile), blobs: [] })),
      shared: [],
      stageParams: JSON.stringify(picture),
      // A quarter of the points taking all steps is typical of a view of the whole set.
      ...unitCost(most / 4, most),
    };
  },
  resultBytes: sizeOf,
  inspect: (params, result) =>
    reasonOf(() => {
      const tile = readTile(params);
      const expected = sizeOf(params);
      if (result.length !== expected) return `expected ${expected} bytes, got ${result.length}`;
      const view = new DataView(result.buffer, result.byteOffset, result.byteLength);
      for (let at = 0; at < expected; at += 2) {
        const steps = view.getUint16(at, true);
        if (steps > tile.maxIterations) return `expected at most ${tile.maxIterations} iterations, got ${steps}`;
      }
      return undefined;
    }),
  agree: equalBytes,
  chunks: mandelbrotChunks,
  merge(stageParams, results) {
    const picture = readPictureJson(stageParams);
    const { width, height } = picture;
    const toIndex = colourIndexes(picture.maxIterations);
    const indexes = new Uint8Array(width * height).fill(MISSING);
    const counts = new Uint8Array(width * height * 2);
    tilesOf(picture).forEach((tile, i) => {
      const result = results[i];
      if (result === undefined) return;
      const view = new DataView(result.buffer, result.byteOffset, result.byteLength);
      for (let y = 0; y < tile.height; y++) {
        const to = (tile.y + y) * width + tile.x;
        const from = y * tile.width;
        counts.set(result.subarray(from * 2, (from + tile.width) * 2), to * 2);
        for (let x = 0; x < tile.width; x++) indexes[to + x] = toIndex[view.getUint16((from + x) * 2, true)] as number;
      }
    });
    return [
      { name: 'mandelbrot.png', bytes: encodeIndexedPng(width, height, palette, indexes) },
      { name: 'iterations.npy', bytes: encodeNpy({ dtype: 'uint16', shape: [height, width], data: counts }) },
    ];
  },
  preview(params, _blobs, result) {
    const tile = readTile(params);
    if (result !== undefined) return tilePreview(tile, result);
    const at = `columns ${tile.x}–${tile.x + tile.width - 1}, rows ${tile.y}–${tile.y + tile.height - 1}`;
    return { kind: 'text', text: `A tile of the Mandelbrot set: ${at} of ${tile.totalWidth} × ${tile.totalHeight}` };
  },
};
