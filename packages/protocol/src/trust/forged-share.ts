import { steadyPower } from './steady-math.ts';

/** One account's standing: what it delivered and what was checked of it. */
export interface Account {
  /** n ≥ 1: results delivered, weighted, so not always a whole number. */
  results: number;
  /** k: of these, how many were drawn at random, checked whole, and passed. */
  checked: number;
  /** f: share of accounts that are faulty, before anything is known of this one. */
  faulty: number;
  /** F: chance that a check of a wrong result misses it, because its checker colludes. */
  missed: number;
  /** σ: chance that a wrong result passed the check that every result gets; 1 when there is none. */
  survives: number;
}

/** Up to here each count of wrong results is tried; above, counts are a sixteenth apart: E is off by at most 0.5 %. */
const EXACT = 64;
const NEGLIGIBLE = 1e-18;

/**
 * The chance E that a result of this account is wrong, at the number j of wrong ones that is worst for us: 1 − E is the
 * account's credibility CrP. The finite form of Sarmenta's spot-check bound (Future Generation Computer Systems 18 (2002)
 * 561), which it approaches for many results: f/(1−f) · 1/(k·e).
 *
 * E = max_j f·(j/n)·S(j) / ((1−f) + f·S(j)), S(j) = Π_{i<j} σ·(1 − (1−F)·min(1, k/(n−i))), j = 1 … ⌈n⌉.
 *
 * S(j) is the chance that j wrong results were all missed: checks are drawn without replacement. It is exact for F = 0;
 * with F ≤ 0.1, E comes out at most 4 % low. ln of the fraction is concave in j, so the search ends where it first falls.
 * Returns a number in [0, 1]; + − × ÷ only, so that every replay gets the same bits.
 */
export function forgedShare({ results, checked, faulty, missed, survives }: Account): number {
  const n = Math.max(1, results);
  const last = Math.ceil(n);
  let worst = 0;
  let unseen = 1;
  for (let j = 0; j < last; ) {
    const step = j < EXACT ? 1 : Math.min(last - j, Math.floor(j / 16));
    // The middle of the step stands for all of it; the factors' logarithm is concave, so this errs on the safe side.
    const left = n - j - (step - 1) / 2;
    const factor = survives * Math.max(0, 1 - (1 - missed) * Math.min(1, checked / left));
    unseen *= step === 1 ? factor : steadyPower(factor, step);
    j += step;
    const share = (faulty * Math.min(1, j / n) * unseen) / (1 - faulty + faulty * unseen);
    // Written so that 0 ÷ 0 (everybody faulty, everything seen) counts as nothing forged.
    if (!(share >= worst) || unseen < NEGLIGIBLE) break;
    worst = share;
  }
  return Math.min(1, worst);
}

/** Checks come in quarters, because each result counts by its cost. */
const QUARTERS = 4;

/** Least number of checks, in steps of ¼, after which `forgedShare` is ≤ ε; all results when none is enough. */
export function checksNeeded({ epsilon, ...account }: Omit<Account, 'checked'> & { epsilon: number }): number {
  let low = 0;
  let high = Math.ceil(account.results * QUARTERS);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (forgedShare({ ...account, checked: middle / QUARTERS }) <= epsilon) high = middle;
    else low = middle + 1;
  }
  return Math.min(account.results, low / QUARTERS);
}
