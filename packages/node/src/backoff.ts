import type { Random } from '@reckon/protocol/base/ports';
import type { Millis } from '@reckon/protocol/base/units';

const MIN_MS = 1_000;
const MAX_MS = 60_000;

/** Wait before attempt `failures` + 1: min(60 s, 1 s · 2ⁿ) · U(0.5, 1), as BOINC's clients wait, so that a crowd spreads out. */
export function backoffMs(failures: number, random: Random): Millis {
  const ceiling = Math.min(MAX_MS, MIN_MS * 2 ** Math.min(failures, 10));
  return Math.round(ceiling * (0.5 + random.u32() / 2 ** 33));
}
