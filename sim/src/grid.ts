import { CHURNS, SESSIONS } from './churns.ts';
import { type Row, rowOf } from './rows.ts';
import { SCHEMES } from './schemes.ts';
import { STRATEGIES } from './strategies.ts';
import { colluding } from './strategies/gang.ts';
import type { WorldOptions } from './world-options.ts';
import { runWorld } from './world.ts';

const SEED = 20_26;
const VOLUNTEERS = [10, 100, 1000] as const;
export const SHARES: readonly number[] = [0, 0.05, 0.2, 0.4];
export const RATES: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.5, 1];
/** Units of a run; a large network would take too long to give each of its volunteers twenty. */
const unitsFor = (volunteers: number): number => Math.max(400, Math.min(20 * volunteers, 4000));

/** What a part of the laboratory is told: how much smaller its runs are, and whom to tell of each. */
export interface GridOptions {
  readonly divide: number;
  note(done: Row): void;
}

const run = (options: Omit<WorldOptions, 'seed'>): Row => {
  const full = { ...options, seed: SEED };
  return rowOf(full, runWorld(full));
};

/** The whole grid, with one strategy: all saboteurs work together and are wrong in 0.3 of their results. */
export function runGrid({ divide, note }: GridOptions): Row[] {
  const rows: Row[] = [];
  for (const volunteers of VOLUNTEERS) {
    for (const scheme of SCHEMES) {
      for (const churn of CHURNS) {
        for (const saboteurs of SHARES) {
          const units = Math.max(100, unitsFor(volunteers) / divide);
          rows.push(run({ volunteers, units, scheme, churn, saboteurs, strategy: colluding(0.3) }));
          note(rows.at(-1) as Row);
        }
      }
    }
  }
  return rows;
}

/** Every strategy against every policy: 100 volunteers, 20 % of the identities, 20 units each. */
export function runStrategies({ divide, note }: GridOptions): Row[] {
  const rows: Row[] = [];
  for (const scheme of SCHEMES) {
    for (const strategy of STRATEGIES) {
      rows.push(run({ volunteers: 100, units: 2000 / divide, scheme, churn: SESSIONS, saboteurs: 0.2, strategy }));
      note(rows.at(-1) as Row);
    }
  }
  return rows;
}

/** How often saboteurs should be wrong to do the most harm, whole and in 10 % of the chunks. */
export function runRates({ divide, note }: GridOptions): Row[] {
  const rows: Row[] = [];
  for (const scheme of SCHEMES) {
    for (const share of scheme.chunks > 0 ? [1, 0.1] : [1]) {
      for (const s of RATES) {
        const strategy = colluding(s, share);
        rows.push(run({ volunteers: 100, units: 2500 / divide, scheme, churn: SESSIONS, saboteurs: 0.2, strategy }));
        note(rows.at(-1) as Row);
      }
    }
  }
  return rows;
}
