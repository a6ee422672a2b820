import type { Region } from './arena.ts';
import { parts } from './depth.ts';
import type { GemmEngine, GemmExports, RelaxedExports } from './engine.ts';
import type { LeftI8 } from './i8-operands.ts';
import { LAYOUTS, type PackedI8, type Way } from './i8-pack.ts';
import { allocateProduct, type Matrix, panelsOf } from './matrix.ts';
import { sevenBitShift } from './seven-bits.ts';

/**
 * C = A · B, exact; A int8 [m, k], C int32 [m, n], k up to 65,536. Yields the share that is done after each few ms of work.
 * @throws {RangeError} when B was packed for an A in 7 bits and this one is not.
 */
export function* multiplyI8(engine: GemmEngine, a: LeftI8, b: PackedI8): Generator<number, Matrix, undefined> {
  const lent: Region[] = [];
  const borrow = (bytes: number): number => {
    const region = engine.arena.allocate(bytes);
    lent.push(region);
    return region.at;
  };
  try {
    const left = prepareLeft(engine, a, b.way, borrow);
    const rowAddend = rowAddends(engine, a, b, borrow);
    const columnAddend = columnAddends(engine, b, left.shift, borrow);
    return yield* sumUp(engine, { ...left, rows: a.rows, rowAddend, columnAddend }, b);
  } finally {
    for (const region of lent) region.free();
  }
}

interface Left {
  at: number;
  stride: number;
  /** What was added to each element. */
  shift: number;
}

/** A as the way reads it: as it lies, or a copy that is moved into 0..127, or widened to int16. */
function prepareLeft({ wasm }: GemmEngine, a: LeftI8, way: Way, borrow: (bytes: number) => number): Left {
  const bytes = a.rows * a.stride;
  if (way === 'i16') {
    const at = borrow(2 * bytes);
    wasm.widen(a.region.at, at, bytes / 16);
    return { at, stride: 2 * a.stride, shift: 0 };
  }
  const shift = way === 'left7' ? sevenBitShift(a.range) : 0;
  if (shift === undefined) throw new RangeError('B was packed for an A within 7 bits');
  if (shift === 0) return { at: a.region.at, stride: a.stride, shift };
  const at = borrow(bytes);
  new Uint8Array(wasm.memory.buffer).copyWithin(at, a.region.at, a.region.at + bytes);
  wasm.shift(at, bytes / 16, shift);
  return { at, stride: a.stride, shift };
}

/** Σ a·b = Σ a·(b + s) − s · Σ a: the last term, for each row. */
function rowAddends({ wasm }: GemmEngine, a: LeftI8, b: PackedI8, borrow: (bytes: number) => number): number {
  const at = borrow(a.rows * 4);
  const moved = b.way === 'halves' ? 128 : b.shift;
  if (moved === 0) new Uint8Array(wasm.memory.buffer, at, a.rows * 4).fill(0);
  else wasm.rowSums(a.region.at, a.stride, a.rows, a.stride / 16, -moved, at);
  return at;
}

/** Σ a·b = Σ (a + s)·b − s · Σ b: the last term, for each column. */
function columnAddends(engine: GemmEngine, b: PackedI8, shift: number, borrow: (bytes: number) => number): number {
  const { wasm, relaxed } = engine;
  const bytes = panelsOf(b.n) * 32;
  const zeros = borrow(bytes);
  new Uint8Array(wasm.memory.buffer, zeros, bytes).fill(0);
  if (shift === 0 || relaxed === undefined) return zeros;
  // Sums of columns are a product too, with a row of numbers that are all s.
  const steps = Math.ceil(b.k / 4);
  const row = borrow(steps * 4);
  new Uint8Array(wasm.memory.buffer, row, steps * 4).fill(shift);
  const sums = borrow(bytes);
  const none = borrow(4);
  new Int32Array(wasm.memory.buffer, none, 1).fill(0);
  for (const { depth, panel, panels } of parts(1, bytes / 32, steps, 4)) {
    const at = b.region.at + (panel * steps + depth.from) * 32;
    const to = sums + panel * 32;
    relaxed.left7(
      row + depth.from * 4,
      0,
      at,
      steps * 32,
      to,
      bytes,
      1,
      panels,
      depth.steps,
      depth.from === 0 ? 1 : 0,
      none,
      zeros,
    );
  }
  const values = new Int32Array(wasm.memory.buffer, sums, bytes / 4);
  for (let j = 0; j < values.length; j++) values[j] = -(values[j] as number);
  return sums;
}

interface Job extends Left {
  rows: number;
  rowAddend: number;
  columnAddend: number;
}

function* sumUp(engine: GemmEngine, a: Job, b: PackedI8): Generator<number, Matrix, undefined> {
  const { lanes, stepBytes } = LAYOUTS[b.way];
  const block = blockOf(engine, b.way);
  const panels = panelsOf(b.n);
  const steps = Math.ceil(b.k / lanes);
  const c = allocateProduct(engine.arena, a.rows, b.n);
  let done = 0;
  let spent = 0;
  let finished = false;
  try {
    for (const { depth, row, rows, panel, panels: count } of parts(a.rows, panels, steps, lanes)) {
      const began = performance.now();
      block(
        a.at + row * a.stride + depth.from * 4,
        a.stride,
        b.region.at + panel * steps * stepBytes + depth.from * 32,
        steps * stepBytes,
        c.region.at + row * c.stride + panel * 32,
        c.stride,
        rows,
        count,
        depth.steps,
        depth.from === 0 ? 1 : 0,
        a.rowAddend + row * 4,
        a.columnAddend + panel * 32,
      );
      spent += performance.now() - began;
      done += rows * count * depth.steps;
      yield done / (a.rows * panels * steps);
    }
    if (b.way === 'halves' || b.way === 'i16') engine.fullRange.note(b.way, done * lanes, spent);
    finished = true;
    return c;
  } finally {
    // Also when nobody asks for the rest.
    if (!finished) c.region.free();
  }
}

function blockOf({ wasm, relaxed }: GemmEngine, way: Way): GemmExports['i16'] {
  return way === 'i16' ? wasm.i16 : (relaxed as RelaxedExports)[way];
}
