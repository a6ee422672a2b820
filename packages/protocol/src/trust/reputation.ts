import type { Millis } from '../base/units.ts';
import { betaQuantile } from './beta-quantile.ts';
import { steadyExp } from './steady-math.ts';

/**
 * Beta posterior of "its next result will be right", with decay (A. Jøsang, R. Ismail, "The beta reputation system", Bled
 * 2002). The half-life of 7 days and the quota rule are BOINC's (recent average credit; got_good_result in sched/sched_result.cpp).
 */
export interface Reputation {
  /** Weight of right results, decayed to `at`. */
  readonly alpha: number;
  /** Weight of wrong and missing ones, decayed to `at`. */
  readonly beta: number;
  readonly at: Millis;
}

export type Outcome = 'valid' | 'wrong' | 'timeout';

const HALF_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
const LN2 = 0.6931471805599453;
/** One costly result must not stand for a history. */
const MAX_WEIGHT = 4;
const SCALE: Record<Outcome, number> = { valid: 1, wrong: 5, timeout: 0.5 };

export const newReputation = (at: Millis): Reputation => ({ alpha: 0, beta: 0, at });

/** What is left of a weight after so long: 1 at once, ½ after 7 days. A time before the last one changes nothing. */
export const remainingAfter = (elapsedMs: Millis): number => steadyExp((-LN2 * Math.max(0, elapsedMs)) / HALF_LIFE_MS);

export function decay(reputation: Reputation, at: Millis): Reputation {
  if (at <= reputation.at) return reputation;
  const remaining = remainingAfter(at - reputation.at);
  return { alpha: reputation.alpha * remaining, beta: reputation.beta * remaining, at };
}

/** Enters one outcome: right ones count their weight, wrong ones five times, missing ones half. `weight` is capped at 4. */
export function noteOutcome(reputation: Reputation, outcome: Outcome, weight: number, at: Millis): Reputation {
  const decayed = decay(reputation, at);
  const counted = SCALE[outcome] * Math.min(MAX_WEIGHT, Math.max(0, weight));
  return outcome === 'valid'
    ? { ...decayed, alpha: decayed.alpha + counted }
    : { ...decayed, beta: decayed.beta + counted };
}

/** Expected share of right results, (α + 1) / (α + β + 2): ½ where nothing is known. For scheduling. Decay first. */
export const mean = ({ alpha, beta }: Reputation): number => (alpha + 1) / (alpha + beta + 2);

/** The share of right results that is exceeded with the chance 1 − p; p where nothing is known. For trust. Decay first. */
export function lowerQuantile(reputation: Reputation, p = 0.05): number {
  const { alpha, beta } = reputation;
  if (p !== 0.05) return betaQuantile(p, alpha + 1, beta + 1);
  // Some µs each, and asked for every job that could give a node work.
  const known = quantiles.get(reputation) ?? betaQuantile(p, alpha + 1, beta + 1);
  quantiles.set(reputation, known);
  return known;
}

const quantiles = new WeakMap<Reputation, number>();

/** Leases a day of an identity of which nothing is known, and the most that any gets. */
export const FIRST_QUOTA = 32;
/** More than a device with many cores can compute of units of one second. */
const MAX_QUOTA = 1_000_000;

/** Leases a day after one more outcome: twice as many for a right one, one less for any other. */
export const quotaAfter = (quota: number, outcome: Outcome): number =>
  outcome === 'valid' ? Math.min(MAX_QUOTA, quota * 2) : Math.max(1, quota - 1);
