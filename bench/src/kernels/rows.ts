import { median, rounded } from '../figures.ts';

import type { Rounds, Row } from './page-api.ts';
import { type Interval, interval, quietRounds, ratios } from './statistics.ts';

/** One measured row of the table. */
export interface Measured {
  /** `f32 480×480×480`. */
  title: string;
  size: string;
  /** Rounds kept, and rounds in which something else ran. */
  rounds: number;
  dropped: number;
  /** Work a ns of each candidate: GF/s, GOP/s, or 10⁹ messages a second. */
  speed: Record<string, { median: number; best: number }>;
  /** How many times as fast `ours` (or the one named) is as another. */
  faster(than: string, who?: string): Interval;
}

export const titleOf = (row: Row): string => {
  if (row.kind === 'sha256') return 'SHA-256, messages of one block';
  return `${row.kind === 'f32' ? 'f32' : `i8 ${row.range}`} ${sizeOf(row)}`;
};
const sizeOf = (row: Row): string => (row.kind === 'sha256' ? '' : `${row.m}×${row.k}×${row.n}`);

export function summarise(row: Row, { ms, work }: Rounds): Measured {
  const control = ms['control'] ?? [];
  const kept = quietRounds(control);
  const speed = Object.fromEntries(
    Object.entries(ms)
      .filter(([name]) => name !== 'control')
      .map(([name, times]) => {
        const speeds = kept.map((round) => (work[name] as number) / (times[round] as number) / 1e6);
        return [name, { median: rounded(median(speeds)), best: rounded(Math.max(...speeds)) }];
      }),
  );
  return {
    title: titleOf(row),
    size: sizeOf(row),
    rounds: kept.length,
    dropped: control.length - kept.length,
    speed,
    faster(than, who = 'ours') {
      const [mine, theirs] = [ms[who], ms[than]];
      if (mine === undefined || theirs === undefined) throw new RangeError(`${who} or ${than} was not measured`);
      const found = interval(ratios(theirs, mine, kept, { of: work[than] as number, over: work[who] as number }));
      return { median: rounded(found.median), low: rounded(found.low), high: rounded(found.high) };
    },
  };
}
