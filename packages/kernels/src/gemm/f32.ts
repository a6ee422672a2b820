import type { Region } from './arena.ts';
import { atOnce } from './banded.ts';
import { packedParts, parts } from './depth.ts';
import type { GemmEngine } from './engine.ts';
import { allocateProduct, apart, type Matrix, panelsOf, writeRows } from './matrix.ts';

/** B in the order in which products read it; for any number of products, until its region is freed. */
export interface PackedF32 {
  k: number;
  n: number;
  region: Region;
}

/** Copies float32 [rows, columns], given as bytes, into WASM memory: A or B of products. */
export function placeF32({ wasm, arena }: GemmEngine, bytes: Uint8Array, rows: number, columns: number): Matrix {
  const stride = apart(columns * 4);
  const region = arena.allocate(rows * stride);
  writeRows(wasm.memory, region.at, stride, bytes, columns * 4);
  return { rows, columns, stride, region };
}

/** Packs B [k, n], which stays as it is. Yields the share that is done after each few ms of work. */
export function* packingF32({ wasm, arena }: GemmEngine, b: Matrix): Generator<number, PackedF32, undefined> {
  const panels = panelsOf(b.columns);
  const region = arena.allocate(panels * 32 * b.rows);
  let finished = false;
  try {
    let done = 0;
    for (const { depth, panel, panels: count } of packedParts(panels, b.rows, 1)) {
      wasm.packF32(
        b.region.at + depth.from * b.stride + panel * 32,
        b.stride,
        region.at + (panel * b.rows + depth.from) * 32,
        b.rows * 32,
        depth.steps,
        count,
      );
      done += depth.steps * count;
      yield done / (b.rows * panels);
    }
    finished = true;
    return { k: b.rows, n: b.columns, region };
  } finally {
    if (!finished) region.free();
  }
}

/** The same at once. */
export const packF32 = (engine: GemmEngine, b: Matrix): PackedF32 => atOnce(packingF32(engine, b));

/**
 * C = A · B; A [m, k], `into` (`allocateProduct`) or a new C [m, n]. Yields the share that is done after each few ms of work.
 *
 * In the plain build each element is the sum, in rising order of k from +0, of products rounded to float32, each sum rounded
 * again (`multiplyReferenceF32`); with relaxed SIMD a product and its addition may be rounded once instead of twice.
 */
export function* multiplyF32(
  engine: GemmEngine,
  a: Matrix,
  b: PackedF32,
  into?: Matrix,
): Generator<number, Matrix, undefined> {
  const { wasm, arena } = engine;
  const panels = panelsOf(b.n);
  const c = into ?? allocateProduct(arena, a.rows, b.n);
  let done = 0;
  let finished = false;
  try {
    for (const { depth, row, rows, panel, panels: count } of parts(a.rows, panels, b.k, 1)) {
      wasm.f32(
        a.region.at + row * a.stride + depth.from * 4,
        a.stride,
        b.region.at + (panel * b.k + depth.from) * 32,
        b.k * 32,
        c.region.at + row * c.stride + panel * 32,
        c.stride,
        rows,
        count,
        depth.steps,
        depth.from === 0 ? 1 : 0,
        0,
        0,
      );
      done += rows * count * depth.steps;
      yield done / (a.rows * panels * b.k);
    }
    finished = true;
    return c;
  } finally {
    // Also when nobody asks for the rest; the caller's own C stays the caller's.
    if (!finished && into === undefined) c.region.free();
  }
}

/** Rows of A for which packing a B that is used once costs more than it brings. */
export const NARROW_ROWS = 8;
/** Panels of C, over all rows, that stay in the nearest cache: 1024 · 32 bytes. */
const NARROW_PANELS = 1024;
/** Multiplications of one call: a few ms of a slow phone. */
const NARROW_PRODUCTS = 16e6;

/** The same bytes for few rows of A, with B as it lies. */
export function* multiplyNarrowF32(engine: GemmEngine, a: Matrix, b: Matrix): Generator<number, Matrix, undefined> {
  const { wasm, arena } = engine;
  const c = allocateProduct(arena, a.rows, b.columns);
  new Uint8Array(wasm.memory.buffer, c.region.at, c.rows * c.stride).fill(0);
  const panels = panelsOf(b.columns);
  let done = 0;
  let finished = false;
  const wide = Math.floor(NARROW_PANELS / Math.min(a.rows, NARROW_PANELS));
  try {
    for (let panel = 0; panel < panels; panel += wide) {
      const count = Math.min(wide, panels - panel);
      const deep = Math.max(4, Math.floor(NARROW_PRODUCTS / (a.rows * count * 8) / 4) * 4);
      for (let from = 0; from < b.rows; from += deep) {
        const steps = Math.min(deep, b.rows - from);
        wasm.narrowF32(
          a.region.at + from * 4,
          a.stride,
          b.region.at + from * b.stride + panel * 32,
          b.stride,
          c.region.at + panel * 32,
          c.stride,
          a.rows,
          count,
          steps,
        );
        done += count * steps;
        yield done / (panels * b.rows);
      }
    }
    finished = true;
    return c;
  } finally {
    if (!finished) c.region.free();
  }
}
