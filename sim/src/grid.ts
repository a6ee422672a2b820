import { CHURNS, SESSIONS } from './churns.ts';
import { type Row, rowOf } from './rows.ts';
import { SCHEMES } from './schemes.ts';
import { STRATEGIES } from './strategies.ts';
import { colluding } from './strategies/gang.ts';
import type { Churn, WorldOptions } from './world-options.ts';
import { runWorld } from './world.ts';

const SEED = 20_26;
const VOLUNTEERS = [10, 100, 1000] as const;
export const SHARES: readonly number[] = [0, 0.05, 0.2, 0.4];
export const RATES: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.5, 1];
/** Units of a run: twenty for each volunteer, but where that takes long and says little: a large network whose people stay. */
function unitsFor(volunteers: number, churn: Churn): number {
  const largest = churn.name === SESSIONS.name ? 20_000 : 2000;
  return Math.max(400, Math.min(20 * volunteers, largest));
}

const run = (options: Omit<WorldOptions, 'seed'>): Row => {
  const full = { ...options, seed: SEED };
  return rowOf(full, runWorld(full));
};

/**
 * The whole grid, with one strategy: all saboteurs work together and are wrong in 0.3 of their results. `note` sees each
 * run; `saved` the rows so far, whenever all runs of one size are done.
 */
export function runGrid(note: (done: Row) => void, saved: (rows: readonly Row[]) => void, quick: boolean): void {
  const rows: Row[] = [];
  for (const volunteers of quick ? VOLUNTEERS.slice(0, 2) : VOLUNTEERS) {
    for (const scheme of SCHEMES) {
      for (const churn of CHURNS) {
        for (const saboteurs of SHARES) {
          const units = unitsFor(volunteers, churn);
          rows.push(run({ volunteers, units, scheme, churn, saboteurs, strategy: colluding(0.3) }));
          note(rows.at(-1) as Row);
        }
      }
    }
    saved(rows);
  }
}

/** Every strategy against every policy: 50 volunteers present, 20 % of the identities, 20 units each. */
export function runStrategies(note: (done: Row) => void): Row[] {
  const rows: Row[] = [];
  for (const scheme of SCHEMES) {
    for (const strategy of STRATEGIES) {
      rows.push(run({ volunteers: 50, units: 1500, scheme, churn: SESSIONS, saboteurs: 0.2, strategy }));
      note(rows.at(-1) as Row);
    }
  }
  return rows;
}

/** How often saboteurs should be wrong to do the most harm, whole and in 10 % of the chunks. */
export function runRates(note: (done: Row) => void): Row[] {
  const rows: Row[] = [];
  for (const scheme of SCHEMES) {
    for (const share of scheme.chunks > 0 ? [1, 0.1] : [1]) {
      for (const s of RATES) {
        const strategy = colluding(s, share);
        rows.push(run({ volunteers: 50, units: 1500, scheme, churn: SESSIONS, saboteurs: 0.2, strategy }));
        note(rows.at(-1) as Row);
      }
    }
  }
  return rows;
}
