import { equalBytes } from '@reckon/protocol/base/bytes';
import type { KernelRules } from '../../kernel.ts';
import { reasonOf } from '../../params.ts';
import { unitCost } from '../../plan.ts';
import { encodeRgbPng } from '../../picture/png.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import { toNumbers } from '../../tensor/tensor.ts';
import { PIXEL_BYTES, renderChunks } from './chunks.ts';
import { renderManifest } from './manifest.ts';
import { readPicture, readPictureJson, readTile, tilesOf } from './params.ts';
import { MOST_RADIANCE } from './reference.ts';
import { tilePreview, toneMapper } from './tone.ts';

/** Operations of a path: some ten rays, each against the scene. */
const OPERATIONS = 4000;
/** Shown where a tile is missing. */
const MISSING = [0xe4, 0xe0, 0xd8] as const;

function sizeOf(params: string): number {
  const { width, height } = readTile(params);
  return width * height * PIXEL_BYTES;
}

const pixelsOf = (result: Uint8Array): ArrayLike<number> =>
  toNumbers({ dtype: 'float32', shape: [result.length / 4], data: result });

/** Tiles in, one picture out. */
export const renderRules: KernelRules = {
  manifest: renderManifest,
  split(params) {
    const picture = readPicture(params);
    const { width, height, tile, samples } = picture;
    const paths = Math.min(tile, width) * Math.min(tile, height) * samples;
    return {
      units: tilesOf(picture).map((unit) => ({ params: JSON.stringify(unit), blobs: [] })),
      shared: [],
      stageParams: JSON.stringify(picture),
      ...unitCost((paths * OPERATIONS) / 1e9),
    };
  },
  resultBytes: sizeOf,
  inspect: (params, result) =>
    reasonOf(() => {
      const expected = sizeOf(params);
      if (result.length !== expected) return `expected ${expected} bytes, got ${result.length}`;
      const values = pixelsOf(result);
      for (let at = 0; at < values.length; at++) {
        const value = values[at] as number;
        // NaN is in no range.
        if (value >= 0 && value <= MOST_RADIANCE) continue;
        return `expected radiance of 0 to ${MOST_RADIANCE}, pixel ${Math.floor(at / 3)} has ${value}`;
      }
      return undefined;
    }),
  agree: equalBytes,
  chunks: renderChunks,
  merge(stageParams, results) {
    const picture = readPictureJson(stageParams);
    const { width, height, exposure } = picture;
    const toByte = toneMapper(exposure);
    const rgb = new Uint8Array(width * height * 3);
    for (let p = 0; p < width * height; p++) rgb.set(MISSING, p * 3);
    const radiance = new Float32Array(width * height * 3).fill(Number.NaN);
    tilesOf(picture).forEach((tile, i) => {
      const result = results[i];
      if (result === undefined) return;
      const values = pixelsOf(result);
      for (let y = 0; y < tile.height; y++) {
        const to = ((tile.y + y) * width + tile.x) * 3;
        for (let at = 0; at < tile.width * 3; at++) {
          const value = values[y * tile.width * 3 + at] as number;
          radiance[to + at] = value;
          rgb[to + at] = toByte(value);
        }
      }
    });
    const data = new Uint8Array(radiance.buffer);
    return [
      { name: 'render.png', bytes: encodeRgbPng(width, height, rgb) },
      { name: 'radiance.npy', bytes: encodeNpy({ dtype: 'float32', shape: [height, width, 3], data }) },
    ];
  },
  preview(params, _blobs, result) {
    const tile = readTile(params);
    if (result !== undefined) return tilePreview(tile, pixelsOf(result));
    const at = `columns ${tile.x}–${tile.x + tile.width - 1}, rows ${tile.y}–${tile.y + tile.height - 1}`;
    return { kind: 'text', text: `A tile of a rendered picture: ${at} of ${tile.totalWidth} × ${tile.totalHeight}` };
  },
};
