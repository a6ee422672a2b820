import { clampLog, growth, power } from './fixed-point.ts';
import { mulhi } from './mulhi.ts';
import { drawsOf, type OptionUnit, PRICE_BITS, type Unit } from './params.ts';
import type { BlockRecord } from './record.ts';
import { wordsFrom } from './words.ts';

/** Paths of one block: its first, and the one after its last. */
export function blockSpan({ first, paths, pathsPerBlock }: Unit, block: number): [from: number, to: number] {
  return [first + block * pathsPerBlock, first + Math.min(paths, (block + 1) * pathsPerBlock)];
}

/** One block in plain TypeScript: the definition that every backend equals bit for bit. */
export function blockReference(unit: Unit, block: number): BlockRecord {
  const [from, to] = blockSpan(unit, block);
  const next = wordsFrom(unit, from * drawsOf(unit));
  const value = unit.problem === 'pi' ? () => inQuarterCircle(next(), next()) : () => payoff(unit, next);
  let sum = 0;
  // Squares of a value h · 2¹⁵ + l, in three sums of at most 2²⁰ terms up to 2³⁰: exact in doubles.
  let [high, middle, low] = [0, 0, 0];
  for (let path = from; path < to; path++) {
    const x = value();
    const [h, l] = [x >>> 15, x & 0x7fff];
    sum += x;
    high += h * h;
    middle += h * l;
    low += l * l;
  }
  const squares = (BigInt(high) << 30n) + (BigInt(middle) << 16n) + BigInt(low);
  return { count: to - from, sum: BigInt(sum), squares };
}

/** 1 if the point lies in the quarter circle: both coordinates odd multiples of 2⁻³¹, so no point is on its edge. */
function inQuarterCircle(wordX: number, wordY: number): number {
  const [x, y] = [(wordX >>> 1) | 1, (wordY >>> 1) | 1];
  const low = (Math.imul(x, x) >>> 0) + (Math.imul(y, y) >>> 0);
  // x² + y² < 2⁶², by the upper halves and the carry.
  return mulhi(x, x) + mulhi(y, y) + (low >= 2 ** 32 ? 1 : 0) < 2 ** 30 ? 1 : 0;
}

/** What the option pays over today's price, in 22 fraction bits; the average is rounded to nearest. */
function payoff(unit: OptionUnit, next: () => number): number {
  const steps = drawsOf(unit);
  let log = 0;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    log = clampLog(log + growth(next(), unit.drift, unit.spread));
    sum += power(log);
  }
  const price = Math.floor((2 * sum + steps) / (2 * steps));
  return Math.max(0, unit.option === 'call' ? price - unit.strike : unit.strike - price);
}

/** The most a path can be worth. */
export function largestValue(unit: Unit): number {
  if (unit.problem === 'pi') return 1;
  return unit.option === 'call' ? 2 ** (PRICE_BITS + 8) - unit.strike : unit.strike;
}
