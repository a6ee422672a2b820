import { toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type Checkpoint, openCheckpoint } from '@reckon/protocol/journal/checkpoint';
import { type LogSource, type LogView, viewLog } from '@reckon/protocol/journal/log-reader';

/** Where an auditor keeps the newest checkpoint it saw of each log, as the signed note it was given. */
export interface SeenCheckpoints {
  load(origin: string): Promise<string | undefined>;
  save(origin: string, note: string): Promise<void>;
}

/** Refusals that mean: what is served is not the log of that checkpoint. */
const OTHER_LOG = new Set(['LOG_ENTRY_MISMATCH', 'LOG_ROOT_MISMATCH', 'LOG_TILE_INVALID', 'NOT_FOUND']);

/** The log of a checkpoint begins with another's, whichever is the longer. @throws {ReckonError} CHECKPOINT_NOT_EXTENDED */
async function requireOneLog(view: LogView, other: Checkpoint, note: Uint8Array, source: LogSource): Promise<void> {
  if (other.size <= view.checkpoint.size) return view.requireExtends(other);
  try {
    await viewLog(source.fetch, other, note).requireExtends(view.checkpoint);
  } catch (error) {
    if (!(error instanceof ReckonError) || !OTHER_LOG.has(error.code)) throw error;
    const [oldSize, newSize] = [other.size, view.checkpoint.size];
    const [oldRoot, newRoot] = [toHex(other.root), toHex(view.checkpoint.root)];
    const cause = 'the relay does not serve the log that the longer one was signed for';
    throw new ReckonError('CHECKPOINT_NOT_EXTENDED', { oldSize, newSize, oldRoot, newRoot, cause }, { cause: error });
  }
}

/**
 * The log goes on from where this auditor saw it last; it is kept then. @returns the size seen last.
 * @throws {ReckonError} CHECKPOINT_NOT_EXTENDED; CHECKPOINT_INVALID when the log's key is another than then.
 */
export async function compareWithSeen(view: LogView, source: LogSource, seen: SeenCheckpoints): Promise<number | null> {
  const { origin } = source;
  const kept = await seen.load(origin);
  const older = kept === undefined ? undefined : openCheckpoint(toUtf8(kept), source);
  // A relay never takes back what it published: one's own checkpoint must be extended, not only be of one log.
  if (older !== undefined) await view.requireExtends(older);
  await seen.save(origin, new TextDecoder().decode(view.note));
  return older?.size ?? null;
}

/**
 * The log is the one another auditor was shown. @returns the size of the other's checkpoint.
 * @throws {ReckonError} CHECKPOINT_INVALID when the note is not this log's; CHECKPOINT_NOT_EXTENDED for a split view.
 */
export async function compareWithOther(view: LogView, source: LogSource, note: string): Promise<number> {
  const bytes = toUtf8(note.endsWith('\n') ? note : `${note}\n`);
  const other = openCheckpoint(bytes, source);
  await requireOneLog(view, other, bytes, source);
  return other.size;
}
