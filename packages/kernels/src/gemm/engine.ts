import type { WasmExports } from '../wasm/instantiate.ts';
import type { Arena } from './arena.ts';
import type { FasterOf } from './faster-of.ts';

/**
 * C [rows, 8 · panels] = or += A · B over `steps` steps: A's rows as they lie, `lda` bytes apart; B's panels `panel` bytes apart; C's rows `ldc`
 * bytes apart. `first` (1 or 0) says that C holds nothing yet; whole-number products then begin with an addend for each row
 * and one for each column.
 */
type Block = (
  ...args: [
    a: number,
    lda: number,
    b: number,
    panel: number,
    c: number,
    ldc: number,
    rows: number,
    panels: number,
    steps: number,
    first: number,
    rowAddend: number,
    columnAddend: number,
  ]
) => void;
type Pack = (from: number, ld: number, to: number, panel: number, groups: number, panels: number) => void;

export interface PlainExports {
  f32: Block;
  i16: Block;
  narrowF32(
    ...args: [
      a: number,
      lda: number,
      b: number,
      ldb: number,
      c: number,
      ldc: number,
      rows: number,
      panels: number,
      steps: number,
    ]
  ): void;
  packF32: Pack;
  packI16: Pack;
  widen(from: number, to: number, vectors: number): void;
  shift(at: number, vectors: number, by: number): void;
  /** Lowest value in the low byte, highest in the next, of vectors · 16 int8. */
  range(from: number, vectors: number): number;
  rowSums(from: number, ld: number, rows: number, vectors: number, factor: number, to: number): void;
}
/** What only the build with relaxed SIMD has. */
export interface RelaxedExports extends PlainExports {
  /** B in 0..127, int8 A. */
  right7: Block;
  /** A in 0..127, int8 B. */
  left7: Block;
  /** B in two parts, int8 A. */
  halves: Block;
  packI8(...args: [...Parameters<Pack>, shift: number]): void;
  packHalves: Pack;
}
export type GemmExports = WasmExports<PlainExports>;

/** Matrix products in WASM, and the memory their operands lie in. */
export interface GemmEngine {
  wasm: GemmExports;
  /** The same module's additional functions; undefined in the plain build. */
  relaxed: WasmExports<RelaxedExports> | undefined;
  arena: Arena;
  /** Which way is faster here for int8 matrices that both need all 8 bits. */
  fullRange: FasterOf<'i16' | 'halves'>;
}
