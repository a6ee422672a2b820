import type { SeededRandom } from '@reckon/protocol/testing/seeded-random';

/** A standard normal number, by Box and Muller. */
export function normal(random: SeededRandom): number {
  const u = 1 - random.fraction();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.fraction());
}

/** ln 3 / 1.645: the 95 % quantile is three times the median. */
const SPREAD = Math.log(3) / 1.645;

/** How fast a device is beside the median one, from a phone to a workstation. */
export const drawSpeed = (random: SeededRandom): number => Math.exp(SPREAD * normal(random));

/** One way to the relay, in ms: 40 at the median, 120 at the 95 % quantile. */
export const drawLatencyMs = (random: SeededRandom): number => 40 * Math.exp(SPREAD * normal(random));

export const drawPause = (random: SeededRandom, meanMs: number): number => -meanMs * Math.log(1 - random.fraction());
