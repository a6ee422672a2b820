/** C [m, n] = A [m, k] · B [k, n]. */
export interface GemmShape {
  m: number;
  k: number;
  n: number;
}

/**
 * What the numbers are: `f32`; `i8` with i32 sums, exact; `f16` stored and multiplied as f16 widened to f32, with f32 sums.
 */
export type Precision = 'f32' | 'i8' | 'f16';

/** Values of k in one word of A or B: int8 come four to a u32. */
const PER_WORD: Readonly<Record<Precision, number>> = { f32: 1, i8: 4, f16: 1 };
const WORD_BYTES: Readonly<Record<Precision, number>> = { f32: 4, i8: 4, f16: 2 };

/**
 * How a product lies in GPU buffers: A as [m, 4·k4] words, B as [4·k4, 4·n4] words, C as [m, 4·n4] of 4 bytes; rows are
 * padded with zeros to whole vectors of four, so that every load is one of 16 bytes (8 of f16) whatever the shape.
 */
export interface Layout extends GemmShape {
  precision: Precision;
  k4: number;
  n4: number;
  leftBytes: number;
  rightBytes: number;
  outBytes: number;
}

export function layoutOf(precision: Precision, { m, k, n }: GemmShape): Layout {
  const k4 = Math.ceil(k / (4 * PER_WORD[precision]));
  const n4 = Math.ceil(n / 4);
  const vector = 4 * WORD_BYTES[precision];
  return {
    ...{ precision, m, k, n, k4, n4 },
    leftBytes: m * k4 * vector,
    rightBytes: 4 * k4 * n4 * vector,
    outBytes: m * n4 * 16,
  };
}
