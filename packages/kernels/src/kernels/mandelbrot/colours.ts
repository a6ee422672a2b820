import type { Preview } from '../../kernel.ts';
import type { Tile } from './params.ts';

/** Paper far outside, teal towards the edge of the set, ink inside: the product's own three colours with two between. */
const STOPS: readonly (readonly [at: number, red: number, green: number, blue: number])[] = [
  [0, 0xfa, 0xf8, 0xf4],
  [0.3, 0xc9, 0xdf, 0xd8],
  [0.6, 0x0b, 0x6e, 0x5f],
  [0.85, 0x0c, 0x36, 0x35],
  [1, 0x14, 0x16, 0x1a],
];

/** Index of the points inside the set, and of tiles that are missing. */
const INSIDE = 254;
export const MISSING = 255;

/** 256 colours, red green blue: 0 to 253 the way in, then inside, then missing. */
export const palette: Uint8Array = buildPalette();

function buildPalette(): Uint8Array {
  const out = new Uint8Array(256 * 3);
  for (let i = 0; i < INSIDE; i++) {
    const t = i / (INSIDE - 1);
    const upper = STOPS.findIndex(([at]) => at >= t);
    const high = STOPS[Math.max(1, upper)] as (typeof STOPS)[number];
    const low = STOPS[Math.max(1, upper) - 1] as (typeof STOPS)[number];
    const f = (t - low[0]) / (high[0] - low[0]);
    for (const c of [0, 1, 2])
      out[i * 3 + c] = Math.round((low[c + 1] as number) * (1 - f) + (high[c + 1] as number) * f);
  }
  out.set([0x14, 0x16, 0x1a], INSIDE * 3);
  out.set([0xe4, 0xe0, 0xd8], MISSING * 3);
  return out;
}

/** Palette index of an iteration count: logarithmic, since counts grow without bound near the edge. */
export function colourIndexes(maxIterations: number): Uint8Array {
  const top = Math.log(maxIterations);
  return Uint8Array.from({ length: maxIterations + 1 }, (_, n) =>
    n >= maxIterations ? INSIDE : Math.min(INSIDE - 1, Math.floor((Math.log(Math.max(1, n)) / top) * INSIDE)),
  );
}

/** Counts of a tile, little-endian as in a result, at their place in the picture. */
export function tilePreview(tile: Tile, result: Uint8Array): Preview {
  const indexes = colourIndexes(tile.maxIterations);
  const view = new DataView(result.buffer, result.byteOffset, result.byteLength);
  const rgba = new Uint8ClampedArray(tile.width * tile.height * 4);
  for (let p = 0; p < tile.width * tile.height; p++) {
    const colour = (indexes[view.getUint16(p * 2, true)] as number) * 3;
    rgba.set(palette.subarray(colour, colour + 3), p * 4);
    rgba[p * 4 + 3] = 255;
  }
  const { x, y, width, height, totalWidth, totalHeight } = tile;
  return { kind: 'pixels', width, height, rgba, x, y, totalWidth, totalHeight };
}
