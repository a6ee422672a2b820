import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { median } from '../figures.ts';

/** A median with its 95 % bootstrap interval. */
export interface Interval {
  median: number;
  low: number;
  high: number;
}

const RESAMPLES = 2000;

/** The median of some values and the interval in which 95 % of the medians of values drawn from them anew lie. */
export function interval(values: readonly number[], seed = 1): Interval {
  const random = createSeededRandom(seed);
  const draw = () => values.map(() => values[random.below(values.length)] as number);
  const medians = Array.from({ length: RESAMPLES }, () => median(draw())).sort((a, b) => a - b);
  const at = (share: number) => medians[Math.round(share * (RESAMPLES - 1))] as number;
  return { median: median(values), low: at(0.025), high: at(0.975) };
}

/** How far a round's control may be off its median before the round counts as disturbed. */
const OFF = 0.1;

/** The rounds in which the machine did nothing else that mattered. */
export function quietRounds(control: readonly number[]): number[] {
  const middle = median(control);
  return [...control.keys()].filter((round) => Math.abs((control[round] as number) - middle) <= OFF * middle);
}

/** Times of one candidate over those of another, round by round, for the same work unless `work` says otherwise. */
export const ratios = (
  of: readonly number[],
  over: readonly number[],
  rounds: readonly number[],
  work: { of: number; over: number } = { of: 1, over: 1 },
): number[] => rounds.map((round) => (of[round] as number) / work.of / ((over[round] as number) / work.over));
