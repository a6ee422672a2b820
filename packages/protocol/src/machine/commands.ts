import type { Hash, JobId, NodeId, WorkUnitId } from '../base/ids.ts';
import type { Wei } from '../base/units.ts';
import type { WireError } from '../base/errors.ts';
import type { RelayMessage } from '../wire/messages.ts';
import type { JobCharge } from './state.ts';

/** What a step asks of the shell. Messages are sent only after the event is on disk. */
export type ShardCommand =
  | { type: 'send'; nodeId: NodeId; message: RelayMessage }
  /** Work has become available: ask for every connected node with free slots (`node.asked`). */
  | { type: 'offer' }
  /** A unit is decided: submit `unit.opened` with the results that were revealed for it. */
  | { type: 'open'; workUnitId: WorkUnitId }
  /** Recompute a chunk of the unit and submit `unit.refereed`; -1 asks for the first over which the results differ. */
  | { type: 'referee'; workUnitId: WorkUnitId; index: number }
  | {
      type: 'post-epoch';
      epoch: number;
      claimsRoot: Hash;
      receiptsRoot: Hash;
      journalRoot: Hash;
      totalCumulative: Wei;
      charges: readonly JobCharge[];
    };

/** What a step changed, for projections: read the new values from the state. */
export type ShardChange =
  | { type: 'job'; jobId: JobId }
  | { type: 'unit'; jobId: JobId; index: number }
  | { type: 'node'; nodeId: NodeId }
  | { type: 'epoch'; epoch: number };

export interface StepResult {
  commands: ShardCommand[];
  changes: ShardChange[];
  /**
   * Set when the event changed nothing: late, repeated or reordered. The shell then journals nothing, still sends the
   * commands (a repeated commit is answered with `stored` again), answers with `refusal` when there is one, and counts
   * the reason.
   */
  ignored?: { reason: string; refusal?: WireError; workUnitId?: WorkUnitId };
}
