import { instantiate, reserve, type WasmExports } from '../../wasm/instantiate.ts';
import { base64 } from '../../wasm/render.wasm.ts';
import type { Tile } from './params.ts';
import { tileTables } from './reference.ts';

interface Exports {
  freeAt(): number;
  render(
    scene: number,
    sums: number,
    x0: number,
    y0: number,
    width: number,
    rows: number,
    total: number,
    from: number,
    to: number,
    maxBounces: number,
    seed: number,
  ): void;
}

let loaded: Promise<WasmExports<Exports>> | undefined;

/** A tile whose pixels gather samples. */
export interface Canvas {
  /** Adds samples `from` to `to` - 1 to `rows` rows of the tile from `row` on. */
  add(row: number, rows: number, from: number, to: number): void;
  /** The pixels' mean after so many samples each: linear radiance, red green blue. */
  mean(samples: number): Float32Array;
}

export async function openCanvas(tile: Tile): Promise<Canvas> {
  const wasm = await (loaded ??= instantiate<Exports>(base64));
  const tables = tileTables(tile);
  const scene = wasm.freeAt();
  const sums = scene + tables.byteLength;
  const values = tile.width * tile.height * 3;
  reserve(wasm.memory, sums + values * 8);
  new Float64Array(wasm.memory.buffer, scene, tables.length).set(tables);
  new Float64Array(wasm.memory.buffer, sums, values).fill(0);
  return {
    add(row, rows, from, to) {
      const { x, y, width, totalWidth, maxBounces, seed } = tile;
      const at = sums + row * width * 24;
      wasm.render(scene, at, x, y + row, width, rows, totalWidth, from, to, maxBounces, seed | 0);
    },
    mean: (samples) => Float32Array.from(new Float64Array(wasm.memory.buffer, sums, values), (sum) => sum / samples),
  };
}
