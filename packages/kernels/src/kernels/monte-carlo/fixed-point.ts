import { mulhi } from './mulhi.ts';
import { normalTable, powerTable } from './tables.ts';

/**
 * Normal numbers and powers of two in whole numbers, equal on every device. Both are piecewise cubics through Chebyshev
 * nodes, so |error| ≤ max |f⁗| h⁴ / (24 · 128) with h the segment's width, plus rounding; `fixed-point.test.ts` computes
 * the bounds below from that formula and measures the errors.
 */

/** Error of a normal number at most, and of a power of two, as a share of it. */
export const NORMAL_ERROR = 2.5e-7;
export const POWER_ERROR = 1e-8;
/** Largest normal number that can come out: that of the rarest word. */
export const NORMAL_MAX = 6.341;

/**
 * A random word as the size of a normal number, in 29 fraction bits. The word's upper bit is the sign, so that opposite
 * numbers are equally likely; the others, v = 2 · word + 1, are the middle of one of 2³¹ equal shares p = v / 2³³ of the
 * half above zero, and the number is the x above which the normal distribution has p.
 */
export function normalSize(word: number): number {
  const v = ((word << 1) | 1) >>> 0;
  const octave = Math.clz32(v);
  const leading = (v << octave) >>> 0;
  const row = (octave * 8 + ((leading >>> 28) & 7)) * 4;
  const t = (leading << 4) >>> 0;
  const coefficient = (at: number) => normalTable[row + at] as number;
  const falling = mulhi(t, coefficient(1) - mulhi(t, coefficient(2) - mulhi(t, coefficient(3))));
  // Next to zero the cubic's error could take it below.
  return Math.max(0, coefficient(0) - falling);
}

/** Log₂ growth of one step, in 27 fraction bits: drift ± size · spread, rounded to nearest. */
export function growth(word: number, drift: number, spread: number): number {
  const moved = (mulhi(normalSize(word), spread) + 1) >> 1;
  return word >= 0x80000000 ? drift - moved : drift + moved;
}

/** Log₂ growth is kept in [−8, 8): a step is less than 8, so their sum is an i32. */
const LIMIT = 2 ** 30;
export const clampLog = (log: number): number => Math.max(-LIMIT, Math.min(LIMIT - 1, log));

/** 2^log in 22 fraction bits, rounded to nearest; `log` in 27 fraction bits, clamped. Below 2³⁰. */
export function power(log: number): number {
  const shifted = log + LIMIT;
  const row = ((shifted >>> 23) & 15) * 4;
  const t = (shifted << 9) >>> 0;
  const coefficient = (at: number) => powerTable[row + at] as number;
  const mantissa = coefficient(0) + mulhi(t, coefficient(1) + mulhi(t, coefficient(2) + mulhi(t, coefficient(3))));
  return ((mantissa >>> (15 - (shifted >>> 27))) + 1) >>> 1;
}
