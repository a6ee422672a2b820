import type { KernelImplementation } from '../../kernel.ts';
import { instantiate, reserve, type WasmExports } from '../../wasm/instantiate.ts';
import { base64 } from '../../wasm/mandelbrot.wasm.ts';
import { yieldToMessages } from '../../engine/yield.ts';
import { mandelbrotChunks } from './chunks.ts';
import { tilePreview } from './colours.ts';
import { mandelbrotManifest } from './manifest.ts';
import { readTile } from './params.ts';

interface Exports {
  rows(
    out: number,
    x0: number,
    y0: number,
    width: number,
    height: number,
    left: number,
    top: number,
    step: number,
    maxIterations: number,
  ): void;
}

let loaded: Promise<WasmExports<Exports>> | undefined;

/** Iterations between two looks at the signal: about 50 ms on a slow machine. */
const BAND_ITERATIONS = 20_000_000;

/** Result: u16 little-endian iteration counts of the tile, row by row. */
export const mandelbrotKernel: KernelImplementation = {
  manifest: mandelbrotManifest,
  chunks: mandelbrotChunks,
  async run(input, context) {
    const tile = readTile(input.params);
    loaded ??= instantiate<Exports>(base64);
    const wasm = await loaded;
    const size = tile.width * tile.height * 2;
    reserve(wasm.memory, size);
    const band = Math.max(1, Math.floor(BAND_ITERATIONS / (tile.width * tile.maxIterations)));
    for (let y = 0; y < tile.height; y += band) {
      context.signal.throwIfAborted();
      const rows = Math.min(band, tile.height - y);
      const out = y * tile.width * 2;
      wasm.rows(out, tile.x, tile.y + y, tile.width, rows, tile.left, tile.top, tile.step, tile.maxIterations);
      context.progress((y + rows) / tile.height);
      if (y + rows < tile.height) await yieldToMessages();
    }
    context.signal.throwIfAborted();
    const bytes = new Uint8Array(wasm.memory.buffer, 0, size).slice();
    context.progress(1, tilePreview(tile, bytes));
    return {
      bytes,
      device: 'WASM SIMD',
      ...(context.backend === 'webgpu' && { fellBack: 'This kernel runs on WASM only.' }),
    };
  },
};
