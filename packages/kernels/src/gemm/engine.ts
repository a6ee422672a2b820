import { instantiate, type WasmExports } from '../wasm/instantiate.ts';
import { type Arena, createArena } from './arena.ts';
import { createFasterOf, type FasterOf } from './faster-of.ts';
import { answersRight } from './self-test.ts';

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

interface PlainExports {
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

/** Plain SIMD128: the same bytes on every engine, floats too. */
export async function loadPlainGemm(): Promise<GemmEngine> {
  const { base64 } = await import('../wasm/gemm.wasm.ts');
  const wasm = await instantiate<PlainExports>(base64);
  return { wasm, relaxed: undefined, arena: createArena(wasm.memory), fullRange: createFasterOf(['i16']) };
}

/** The build with relaxed SIMD; undefined where the engine has none, or where its products of known operands are wrong. */
export async function loadRelaxedGemm(): Promise<GemmEngine | undefined> {
  const { base64 } = await import('../wasm/gemm-relaxed.wasm.ts');
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return undefined;
  const relaxed = await instantiate<RelaxedExports>(base64);
  const engine: GemmEngine = {
    wasm: relaxed,
    relaxed,
    arena: createArena(relaxed.memory),
    fullRange: createFasterOf(['halves', 'i16']),
  };
  return answersRight(engine) ? engine : undefined;
}

let loaded: Promise<GemmEngine> | undefined;

/** The faster build that this engine runs rightly, made once. Its whole numbers are exact, its floats within their bound. */
export function loadGemm(): Promise<GemmEngine> {
  loaded ??= loadRelaxedGemm().then((engine) => engine ?? loadPlainGemm());
  return loaded;
}
