import type { Unit } from './params.ts';
import type { BlockRecord } from './record.ts';
import { largestValue } from './reference.ts';

/**
 * Could `count` values of this unit add up to the record? `undefined`, or what contradicts it. It bounds what a wrong record
 * can say, no more: only computing the block again tells whether it is right.
 */
export function inspectRecord(unit: Unit, record: BlockRecord, count: number): string | undefined {
  const { sum, squares } = record;
  const [n, most] = [BigInt(count), BigInt(largestValue(unit))];
  if (record.count !== count) return `expected ${count} paths, got ${record.count}`;
  if (sum > n * most) return `expected a sum of at most ${n * most}, got ${sum}`;
  // Each value v is whole, 0 to most: so v ≤ v² ≤ most · v, v and v² are both odd or both even, and Cauchy–Schwarz holds.
  if (squares < sum || squares > most * sum) return `expected squares from ${sum} to ${most * sum}, got ${squares}`;
  if (squares % 2n !== sum % 2n) return `expected squares as odd or even as the sum ${sum}, got ${squares}`;
  if (sum * sum > n * squares) return `expected squares of at least the sum’s square over ${n} paths, got ${squares}`;
  return undefined;
}
