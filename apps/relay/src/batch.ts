import type { ShardEvent } from '@reckon/protocol/journal/entry';
import type { ShardChange } from '@reckon/protocol/machine/commands';
import type { ShardState } from '@reckon/protocol/machine/state';

/** Events that become durable together. When a listener is called the state is exactly what the last of them left. */
export interface Batch {
  firstIndex: number;
  events: readonly ShardEvent[];
  changes: readonly ShardChange[];
}
/** Takes what it needs from the state; the function returned runs once the batch is on disk. */
export type BatchListener = (batch: Batch, state: ShardState) => (() => void | Promise<void>) | undefined;
