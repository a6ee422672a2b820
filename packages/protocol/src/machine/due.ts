import type { Millis } from '../base/units.ts';
import type { ShardState } from './state.ts';

/** Whether a `clock.ticked` at `at` would change anything (a lease, a grace period or a job has run out). Pure. */
export function isTickDue(_state: ShardState, _at: Millis): boolean {
  throw new Error('being written');
}

/** Whether there is anything to seal into an epoch now. Pure. */
export function isEpochDue(_state: ShardState): boolean {
  throw new Error('being written');
}
