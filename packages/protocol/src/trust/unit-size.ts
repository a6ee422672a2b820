import type { Millis } from '../base/units.ts';

/**
 * How many units one slot leases at once, so that a batch takes some seconds: short ones would cost more in messages than
 * in work, long ones would be lost when the tab is closed.
 */

/** Share of a new measurement in the next size (the Distributed Compute Protocol's rule for its slices). */
const GAIN = 0.1818;
const MAX_STEP = 8;
const MAX_BATCH = 64;

export const FIRST_BATCH = 1;

/**
 * The next size after a batch took `measuredMs`: batch · (1 − α + α · clamp(target / measured, ⅛, 8)), α = 0.1818. A real
 * number in [1, 64]; at most 2.27 times or 0.84 of the last one.
 */
export function nextBatch(batch: number, measuredMs: Millis, targetMs: Millis = 5_000): number {
  const ratio = measuredMs > 0 ? targetMs / measuredMs : MAX_STEP;
  const step = Math.min(MAX_STEP, Math.max(1 / MAX_STEP, ratio));
  return Math.min(MAX_BATCH, Math.max(1, batch * (1 - GAIN + GAIN * step)));
}

/** The size as whole units, rounded down so that a batch does not outgrow its measure. */
export const unitsAhead = (batch: number): number => Math.max(1, Math.floor(batch));
