import type { Order } from './params.ts';
import type { BlockRecord } from './record.ts';

/** Blocks of fewer paths, or fewer blocks, are not compared: their means are not yet normal, or their spread not known. */
const LEAST_PATHS = 4096;
const LEAST_BLOCKS = 16;
/** Of 10⁸ right blocks' means fewer than one lies this many standard deviations from their median. */
const FAR = 6;
const MOST_LISTED = 100;
/** A normal distribution's standard deviation over its median absolute deviation. */
const DEVIATION_OVER_MEDIAN = 1.482602218505602;

/** How the means of whole blocks lie about their median: a z-test of batch means that forged squares do not blind. */
export function standingOut(order: Order, records: readonly BlockRecord[], worth: number) {
  const whole = [...records.entries()].filter(([, { count }]) => count === order.pathsPerBlock);
  const means = Float64Array.from(whole, ([, { count, sum }]) => Number(sum) / count);
  const median = medianOf(means);
  const compared = order.pathsPerBlock >= LEAST_PATHS && whole.length >= LEAST_BLOCKS;
  const deviation = medianOf(means.map((mean) => Math.abs(mean - median))) * DEVIATION_OVER_MEDIAN;
  const far = (mean: number) => (mean === median ? 0 : Math.abs(mean - median) / deviation);
  return {
    count: records.length,
    median: whole.length > 0 ? median * worth : null,
    largestDeviation: compared ? means.reduce((most, mean) => Math.max(most, far(mean)), 0) : null,
    /** Numbers of blocks, among those that are not missing, whose mean no chance explains: look at who computed them. */
    standingOut: compared
      ? whole
          .filter((_, i) => far(means[i] as number) > FAR)
          .map(([block]) => block)
          .slice(0, MOST_LISTED)
      : [],
  };
}

function medianOf(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
