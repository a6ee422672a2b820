import type { ShardEvent } from '../journal/entry.ts';
import type { StepResult } from './commands.ts';
import type { ShardState } from './state.ts';

/** The state before the first event. */
export function createShard(): ShardState {
  throw new Error('being written');
}

/**
 * The one step function. Applies an event to the state it owns, in place (docs/adr/0003), and says what the shell must do.
 * No clock, no randomness, no I/O; never throws on order: late or repeated events are `ignored` with a reason.
 */
export function stepShard(_state: ShardState, _event: ShardEvent): StepResult {
  throw new Error('being written');
}
