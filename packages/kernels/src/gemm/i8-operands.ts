import type { GemmEngine } from './engine.ts';
import { apart, type Matrix, roundUp, writeRows } from './matrix.ts';
import type { Range } from './seven-bits.ts';

/** A int8 [m, k] in WASM memory, rows padded with zeros to whole vectors. */
export interface LeftI8 extends Matrix {
  range: Range;
}

/** B int8 [k, n] as it came, with rows of zeros behind it to a multiple of four. */
export interface RightI8 extends Matrix {
  range: Range;
}

/** Copies A [rows, columns] into WASM memory. */
export function placeLeftI8(engine: GemmEngine, bytes: Uint8Array, rows: number, columns: number): LeftI8 {
  const stride = apart(roundUp(columns, 16));
  const region = engine.arena.allocate(rows * stride);
  if (stride !== columns) new Uint8Array(engine.wasm.memory.buffer, region.at, rows * stride).fill(0);
  writeRows(engine.wasm.memory, region.at, stride, bytes, columns);
  return { rows, columns, stride, region, range: rangeOf(engine, region.at, rows * stride) };
}

/** Copies B [rows, columns] into WASM memory. */
export function placeRightI8(engine: GemmEngine, bytes: Uint8Array, rows: number, columns: number): RightI8 {
  const padded = roundUp(roundUp(rows, 4) * columns, 16);
  const region = engine.arena.allocate(padded);
  const target = new Uint8Array(engine.wasm.memory.buffer, region.at, padded);
  target.set(bytes);
  target.fill(0, bytes.length);
  return { rows, columns, stride: columns, region, range: rangeOf(engine, region.at, padded) };
}

/** Zeros of the padding are counted in, which changes no decision: they lie in every range that is asked for. */
function rangeOf({ wasm }: GemmEngine, at: number, bytes: number): Range {
  const found = wasm.range(at, bytes / 16);
  return { lowest: (found << 24) >> 24, highest: (found << 16) >> 24 };
}
