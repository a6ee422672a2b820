import type { Region } from './arena.ts';
import { atOnce } from './banded.ts';
import { packedParts } from './depth.ts';
import type { GemmEngine, GemmExports, RelaxedExports } from './engine.ts';
import type { LeftI8, RightI8 } from './i8-operands.ts';
import { panelsOf } from './matrix.ts';
import { sevenBitShift } from './seven-bits.ts';

/**
 * How int8 matrices are multiplied; all give the same product.
 * - `right7`, `left7`: relaxed dot with B or A in 0..127, where all of it, or all of it moved by 64, lies there.
 * - `halves`: relaxed dot of A with two parts of B: B + 128 = 2 · h + l, h in 0..127 and l in 0..1.
 * - `i16`: plain SIMD on both matrices widened to int16.
 */
export type Way = 'right7' | 'left7' | 'halves' | 'i16';

/** What a way asks of its operands. */
export interface Layout {
  /** Elements of a row of A in one step. */
  lanes: 2 | 4;
  /** Bytes of a panel of B for each step. */
  stepBytes: 32 | 64;
}
const DOT: Layout = { lanes: 4, stepBytes: 32 };
export const LAYOUTS: Readonly<Record<Way, Layout>> = {
  right7: DOT,
  left7: DOT,
  halves: { lanes: 4, stepBytes: 64 },
  i16: { lanes: 2, stepBytes: 32 },
};

/** B in the order in which products read it; for any number of products, until its region is freed. */
export interface PackedI8 {
  k: number;
  n: number;
  way: Way;
  /** What was added to each element of B. */
  shift: number;
  region: Region;
}

/** The way for these operands; any A when `a` is not known yet. */
export function chooseWay({ relaxed, fullRange }: GemmEngine, a: LeftI8 | undefined, b: RightI8): Way {
  if (relaxed === undefined) return 'i16';
  if (sevenBitShift(b.range) !== undefined) return 'right7';
  if (a !== undefined && sevenBitShift(a.range) !== undefined) return 'left7';
  return fullRange.pick();
}

/** Packs B [k, n], which stays as it is, for the way of `chooseWay`. Yields the share that is done after each few ms. */
export function* packingI8(engine: GemmEngine, b: RightI8, way: Way): Generator<number, PackedI8, undefined> {
  const { lanes, stepBytes } = LAYOUTS[way];
  const shift = way === 'right7' ? (sevenBitShift(b.range) ?? 0) : 0;
  const pack = packer(engine, way, shift);
  const panels = panelsOf(b.columns);
  const total = Math.ceil(b.rows / lanes);
  const region = engine.arena.allocate(panels * stepBytes * total);
  let finished = false;
  try {
    let done = 0;
    for (const { depth, panel, panels: count } of packedParts(panels, total, lanes)) {
      const source = b.region.at + depth.from * lanes * b.stride + panel * 8;
      const target = region.at + panel * total * stepBytes + depth.from * 32;
      pack(source, b.stride, target, total * stepBytes, depth.steps, count);
      done += depth.steps * count;
      yield done / (total * panels);
    }
    finished = true;
    return { k: b.rows, n: b.columns, way, shift, region };
  } finally {
    if (!finished) region.free();
  }
}

/** The same at once. */
export const packI8 = (engine: GemmEngine, b: RightI8, way: Way): PackedI8 => atOnce(packingI8(engine, b, way));

type Pack = GemmExports['packI16'];

function packer({ wasm, relaxed }: GemmEngine, way: Way, shift: number): Pack {
  if (way === 'i16') return wasm.packI16;
  const { packI8: packDots, packHalves } = relaxed as RelaxedExports;
  return way === 'halves' ? packHalves : (...place) => packDots(...place, shift);
}
