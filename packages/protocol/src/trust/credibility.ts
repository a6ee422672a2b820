import { steadyPower } from './steady-math.ts';

/**
 * How likely results are to be right, after L. F. G. Sarmenta, "Sabotage-tolerance mechanisms for volunteer computing
 * systems", Future Generation Computer Systems 18 (2002) 561. All chances and shares are numbers in [0, 1].
 */

/** Error of m-first voting, Σ_{j=m}^{2m−1} C(2m−1, j) fʲ (1−f)^{2m−1−j}, with a share f of faulty nodes. */
export function votesError(f: number, m: number): number {
  const votes = 2 * m - 1;
  let error = 0;
  for (let j = m, ways = 1; j <= votes; j++) {
    if (j === m) for (let i = 1; i < m; i++) ways = (ways * (m + i)) / i;
    else ways = (ways * (votes - j + 1)) / j;
    error += ways * steadyPower(f, j) * steadyPower(1 - f, votes - j);
  }
  return Math.min(1, error);
}

export interface SpotChecks {
  /** Share of faulty nodes, below 1. */
  f: number;
  /** Chance that a result is spot-checked. */
  q: number;
  /** Results of each node. */
  n: number;
}

/** Share of wrong results among those left when a node that fails one spot check loses all: faulty nodes falsify a share s. */
export function spotCheckError({ s, f, q, n }: SpotChecks & { s: number }): number {
  const survives = steadyPower(1 - q * s, n);
  const left = 1 - f + f * survives;
  return left === 0 ? 0 : (s * f * survives) / left;
}

/** `spotCheckError` at the s that is worst for us; never above f/(1−f) · 1/(q·n·e). */
export function worstSpotCheckError({ f, q, n }: SpotChecks): number {
  // The slope of ln(error) in s falls from +∞, so halving finds the one place where it is zero, or 1 when there is none.
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const s = (low + high) / 2;
    const left = 1 - f + f * steadyPower(1 - q * s, n);
    if ((1 - q * s) * left > s * n * q * (1 - f)) low = s;
    else high = s;
  }
  return spotCheckError({ s: high, f, q, n });
}

/** Nobody is certain, so that two groups of "certain" members leave a doubt and not 0 ÷ 0. */
const CERTAIN = 1 - 2 ** -53;

/**
 * Sarmenta's CrG: the chance that each group of agreeing results is the right one, given for each member the chance that
 * its node's result is right. `P(a) Π_{i≠a} P̄(i) / [Π_j P̄(j) + Σ_j P(j) Π_{i≠j} P̄(i)]`, P = Π CrP, P̄ = Π (1 − CrP),
 * divided through by Π P̄: `odds(a) / (1 + Σ odds)`. What is missing from 1 is the chance that no group is right.
 */
export function groupCredibility(groups: readonly { members: readonly number[] }[]): number[] {
  const odds = groups.map(({ members }) => oddsOf(members));
  const top = Math.max(0, ...odds.map(({ scale }) => scale));
  const weights = odds.map(({ value, scale }) => value * steadyPower(1 / SCALE, top - scale));
  const none = steadyPower(1 / SCALE, top);
  const sum = weights.reduce((a, b) => a + b, none);
  return weights.map((weight) => weight / sum);
}

const SCALE = 2 ** 256;

/** Π p / (1 − p) as value · SCALE^scale, with value kept far from overflow and underflow. */
function oddsOf(members: readonly number[]): { value: number; scale: number } {
  let value = 1;
  let scale = 0;
  for (const member of members) {
    const chance = Math.min(CERTAIN, Math.max(1 - CERTAIN, member));
    value *= chance / (1 - chance);
    if (value > SCALE) {
      value /= SCALE;
      scale += 1;
    } else if (value < 1 / SCALE) {
      value *= SCALE;
      scale -= 1;
    }
  }
  return { value, scale };
}
