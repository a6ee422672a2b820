import { median } from './figures.ts';

/** The median of ratios of rounds, and between what it lies with 95 %. */
export interface Ratio {
  median: number;
  low: number;
  high: number;
}

const RESAMPLES = 2000;

/**
 * Median and 95 % percentile bootstrap of ratios, one a round. Rounds are what varies by chance: each ran all candidates in
 * turns, so a machine that is busy for a while spoils both sides of a ratio alike. The same ratios give the same interval.
 */
export function medianRatio(ratios: readonly number[]): Ratio {
  let state = 1;
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(
      ratios.map(() => {
        // Marsaglia's xorshift32.
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return ratios[(state >>> 0) % ratios.length] as number;
      }),
    ),
  ).sort((a, b) => a - b);
  const at = (share: number) => medians[Math.round(share * (RESAMPLES - 1))] as number;
  return { median: median(ratios), low: at(0.025), high: at(0.975) };
}

/** The n-th root of the product of n positive numbers. */
export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
