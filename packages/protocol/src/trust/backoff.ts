import type { Millis } from '../base/units.ts';
import { steadyPower } from './steady-math.ts';

/**
 * How long to wait after `failures` in a row: min(maxMs, minMs·2ⁿ) · (0.5 + u/2) (BOINC's
 * calculate_exponential_backoff). `u` in [0, 1) is drawn, so that many who failed together do not come back together.
 */
export const backoffMs = (failures: number, u: number, { minMs, maxMs }: { minMs: Millis; maxMs: Millis }): Millis =>
  Math.min(maxMs, minMs * steadyPower(2, failures)) * (0.5 + u / 2);
