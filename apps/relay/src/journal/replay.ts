import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import { decodeEntry, type SpecSource } from '@reckon/protocol/journal/entry-codec';
import { appendToLog, EMPTY_LOG, type LogTree } from '@reckon/protocol/journal/log-tree';
import type { ShardChange } from '@reckon/protocol/machine/commands';
import { stepShard } from '@reckon/protocol/machine/shard';
import type { ShardState } from '@reckon/protocol/machine/state';
import type { BatchListener } from '../batch.ts';
import type { Journal } from './journal.ts';

const BATCH = 256;

/** @throws {ReckonError} JOURNAL_CORRUPT, also when the spec that an order names is not what it was. */
async function decode(entry: Uint8Array, index: number, specOf: SpecSource): Promise<ShardEvent> {
  try {
    return await decodeEntry(entry, index, specOf);
  } catch (error) {
    const { code, message } = toReckonError(error);
    if (code === 'JOURNAL_CORRUPT') throw error;
    throw new ReckonError('JOURNAL_CORRUPT', { index, cause: `its job spec: ${message}` }, { cause: error });
  }
}

/**
 * Whether stepping this event may drop jobs or epochs from the state; who projects the state must look before it does.
 * (`machine/epoch.ts` dropFinished, `machine/job.ts` dropDeadDrafts.)
 */
export const mayForget = (event: ShardEvent, state: ShardState): boolean =>
  event.type === 'job.posted' || state.epochs.some((epoch) => epoch.status === 'final');

/**
 * Folds the whole journal into `state` and returns the log's tree. Listeners see the same batches as live ones.
 * @throws {ReckonError} JOURNAL_CORRUPT naming the entry that cannot be read or that the rules refuse.
 */
export async function replayJournal(
  journal: Journal,
  state: ShardState,
  specOf: SpecSource,
  listeners: readonly BatchListener[],
): Promise<LogTree> {
  let log = EMPTY_LOG;
  let events: ShardEvent[] = [];
  let changes: ShardChange[] = [];
  const deliver = async (): Promise<void> => {
    const batch = { firstIndex: log.size - events.length, events, changes };
    for (const listen of listeners) await listen(batch, state)?.();
    events = [];
    changes = [];
  };
  for await (const entry of journal.read(0)) {
    const event = await decode(entry, log.size, specOf);
    if (events.length > 0 && mayForget(event, state)) await deliver();
    const result = stepShard(state, event);
    if (result.ignored !== undefined) {
      const cause = `the rules ignore it (${result.ignored.reason})`;
      throw new ReckonError('JOURNAL_CORRUPT', { index: log.size, cause });
    }
    log = appendToLog(log, entry);
    events.push(event);
    changes.push(...result.changes);
    if (events.length === BATCH) await deliver();
  }
  if (events.length > 0) await deliver();
  return log;
}
