import type { Millis } from '../base/units.ts';

/**
 * How long units of one class take, as counts in buckets that grow by 2^¼ from 10 ms to an hour: a quantile is off by less
 * than one bucket (19 %), whatever the distribution. Immutable, and the same bits everywhere. Buckets instead of a moving
 * mean, because run times are skewed and leases are cut at a high quantile (DDSketch: Masson, Rim, Lee, VLDB 2019, is the
 * same idea).
 */
export interface Durations {
  /** Counts by bucket, up to the highest in use (at most 75). */
  readonly counts: readonly number[];
  readonly total: number;
}

export const NO_DURATIONS: Durations = { counts: [], total: 0 };

const SHORTEST_MS = 10;
const LONGEST_MS = 60 * 60 * 1000;
/** Above this all counts are halved, so that the estimate follows a change within some hundred units. */
const MAX_TOTAL = 1000;

// Square roots are rounded alike everywhere (IEEE 754), powers are not.
const GROWTH = Math.sqrt(Math.SQRT2);

/** Upper bounds of the buckets, each included in its bucket. */
const BOUNDS_MS: readonly number[] = (() => {
  const bounds = [SHORTEST_MS];
  for (let bound = SHORTEST_MS; bound < LONGEST_MS; ) {
    bound = Math.min(LONGEST_MS, bound * GROWTH);
    bounds.push(bound);
  }
  return bounds;
})();

/** The bucket whose bound is the first that is not below `ms`; the last one for whatever is longer. */
function bucketOf(ms: Millis): number {
  let low = 0;
  let high = BOUNDS_MS.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((BOUNDS_MS[middle] as number) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Halves every count; odd ones round in turns, so that the total halves too and rare long runs are not all lost. */
function halve(counts: readonly number[]): Durations {
  const halved = [...counts];
  let total = 0;
  let carry = 0;
  for (let i = halved.length - 1; i >= 0; i--) {
    const sum = (halved[i] as number) + carry;
    carry = sum % 2;
    halved[i] = (sum - carry) / 2;
    total += halved[i] as number;
  }
  while (halved.at(-1) === 0) halved.pop();
  return { counts: halved, total };
}

/** Enters one run time, counted as 10 ms to an hour. */
export function noteDuration({ counts, total }: Durations, ms: Millis): Durations {
  const bucket = bucketOf(ms);
  const next = [...counts];
  while (next.length <= bucket) next.push(0);
  next[bucket] = (next[bucket] as number) + 1;
  return total + 1 > MAX_TOTAL ? halve(next) : { counts: next, total: total + 1 };
}

/** The run time in ms that a share p of the runs does not exceed, rounded up to its bucket's bound; undefined before the first. */
export function quantile({ counts, total }: Durations, p: number): Millis | undefined {
  if (total === 0) return undefined;
  let left = Math.max(1, Math.ceil(p * total));
  const bucket = counts.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  return BOUNDS_MS[bucket === -1 ? counts.length - 1 : bucket];
}

/** Mean run time in ms, each counted as the middle of its bucket: off by at most 10 %. Undefined before the first. */
export function mean({ counts, total }: Durations): Millis | undefined {
  if (total === 0) return undefined;
  return counts.reduce((sum, count, i) => sum + count * middleOf(i), 0) / total;
}

const middleOf = (bucket: number): Millis =>
  bucket === 0 ? SHORTEST_MS : ((BOUNDS_MS[bucket - 1] as number) + (BOUNDS_MS[bucket] as number)) / 2;

const ENOUGH = 20;

/**
 * How long a lease of one unit runs: three times the 95 % quantile (algorithm of BOINC's delay bound, cut to what was
 * measured), at least `floorMs`, at most `capMs`; `capMs` until 20 runs were seen.
 */
export function leaseMsFor(
  durations: Durations,
  { capMs, floorMs = 5_000 }: { capMs: Millis; floorMs?: Millis },
): Millis {
  const q95 = durations.total < ENOUGH ? undefined : quantile(durations, 0.95);
  return q95 === undefined ? capMs : Math.min(capMs, Math.max(floorMs, Math.ceil(3 * q95)));
}
