import { yieldToMessages } from '../../engine/yield.ts';
import type { KernelImplementation } from '../../kernel.ts';
import { renderChunks } from './chunks.ts';
import { renderManifest } from './manifest.ts';
import { readTile, type Tile } from './params.ts';
import { tilePreview } from './tone.ts';
import { openCanvas } from './wasm.ts';

/** Paths between two looks at the signal: some 15 ms, or 80 ms on a slow machine. */
const BAND_PATHS = 8192;

/** Result: mean linear radiance of the tile's pixels, row by row, as red, green, blue f32 little-endian. */
export const renderKernel: KernelImplementation = {
  manifest: renderManifest,
  chunks: renderChunks,
  async run(input, context) {
    const tile = readTile(input.params);
    const canvas = await openCanvas(tile);
    let paths = 0;
    // All pixels get 1 sample, then 2, 4 … in all, so that the whole tile is seen early.
    for (let from = 0; from < tile.samples; ) {
      const to = Math.min(tile.samples, Math.max(1, from * 2));
      for (const [row, rows, first, last] of bandsOf(tile, from, to)) {
        context.signal.throwIfAborted();
        canvas.add(row, rows, first, last);
        paths += rows * (last - first);
        context.progress(Math.min(0.999, paths / (tile.height * tile.samples)));
        await yieldToMessages();
      }
      from = to;
      const done = to === tile.samples;
      const caption = done ? undefined : `${to} of ${tile.samples} samples`;
      context.progress(done ? 1 : paths / (tile.height * tile.samples), tilePreview(tile, canvas.mean(to), caption));
    }
    context.signal.throwIfAborted();
    return {
      bytes: new Uint8Array(canvas.mean(tile.samples).buffer),
      device: 'WASM SIMD',
      ...(context.backend === 'webgpu' && { fellBack: 'This kernel runs on WASM only.' }),
    };
  },
};

/** Rows and samples of a pass in bands of equal work; a pixel's samples stay in order, since the order of its sum counts. */
function* bandsOf({ width, height }: Tile, from: number, to: number): Generator<[number, number, number, number]> {
  const rows = Math.max(1, Math.floor(BAND_PATHS / (width * (to - from))));
  const samples = rows > 1 ? to - from : Math.max(1, Math.floor(BAND_PATHS / width));
  for (let row = 0; row < height; row += rows) {
    for (let first = from; first < to; first += samples) {
      yield [row, Math.min(rows, height - row), first, Math.min(to, first + samples)];
    }
  }
}
