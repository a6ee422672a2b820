import { fromBase64, toBase64 } from '../base/base64.ts';
import { equalBytes, toHex, toUtf8 } from '../base/bytes.ts';
import type { ErrorDetails } from '../base/error-codes.ts';
import { ReckonError } from '../base/errors.ts';
import { verifyConsistency } from './log-proofs.ts';
import { EMPTY_LOG, rootOfLog } from './log-tree.ts';
import type { NoteKey } from './note-key.ts';
import { type NoteSigner, openNote, parseNote, signNote } from './signed-note.ts';

/** What the text of a log's signed note says (C2SP tlog-checkpoint): whose log, how many entries, their root. */
export interface Checkpoint {
  /** Names the log, such as `relay.example/log`. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes, as RFC 6962 section 2.1 hashes the first `size` entries. */
  readonly root: Uint8Array;
  /** Further lines, which mean nothing here. */
  readonly extensions: readonly string[];
}

const refuse = (cause: string) => new ReckonError('CHECKPOINT_INVALID', { cause });

/** Origin, size and root, a line each, and the extension lines. */
export const encodeCheckpoint = ({ origin, size, root, extensions }: Checkpoint): string =>
  [origin, size, toBase64(root), ...extensions].map((line) => `${line}\n`).join('');

/** @throws {ReckonError} CHECKPOINT_INVALID */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw refuse('it does not end with a newline');
  const [origin = '', count = '', hash = '', ...extensions] = text.slice(0, -1).split('\n');
  if (origin === '') throw refuse('it names no origin');
  if (!/^(0|[1-9]\d{0,15})$/.test(count) || !Number.isSafeInteger(Number(count))) {
    throw refuse(`its size is "${count.slice(0, 40)}", expected a whole number`);
  }
  const size = Number(count);
  const root = fromBase64(hash);
  if (root?.length !== 32) throw refuse('its root is not 32 bytes in base64');
  if (extensions.includes('')) throw refuse('an extension line is empty');
  if (size === 0 && !equalBytes(root, rootOfLog(EMPTY_LOG))) throw refuse('an empty log has another root');
  return { origin, size, root, extensions };
}

export const signCheckpoint = (checkpoint: Checkpoint, signer: NoteSigner): string =>
  signNote(encodeCheckpoint(checkpoint), [signer]);

/** Anything a note is refused for, a checkpoint is refused for. */
function readNote<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReckonError && error.code === 'NOTE_INVALID') {
      throw new ReckonError('CHECKPOINT_INVALID', error.details as ErrorDetails['NOTE_INVALID'], { cause: error });
    }
    throw error;
  }
}

/** The checkpoint of `origin`, signed by `key`. @throws {ReckonError} CHECKPOINT_INVALID */
export function openCheckpoint(note: Uint8Array, { origin, key }: { origin: string; key: NoteKey }): Checkpoint {
  const checkpoint = parseCheckpoint(readNote(() => openNote(note, [key])));
  if (checkpoint.origin !== origin) {
    throw refuse(`it is of "${checkpoint.origin.slice(0, 200)}", expected "${origin}"`);
  }
  return checkpoint;
}

/** What a note says whoever signed it: only for one's own, kept where nobody else writes. @throws {ReckonError} CHECKPOINT_INVALID */
export const readOwnCheckpoint = (note: string): Checkpoint =>
  parseCheckpoint(readNote(() => parseNote(toUtf8(note))).text);

export type Extension = { ok: true } | { ok: false; failure: ErrorDetails['CHECKPOINT_NOT_EXTENDED'] };

/**
 * Whether the newer checkpoint's log begins with the older one's.
 * @param path the consistency proof between the sizes; empty when they are the same or the older is 0.
 */
export function extendsCheckpoint(older: Checkpoint, newer: Checkpoint, path: readonly Uint8Array[]): Extension {
  const fail = (cause: string): Extension => {
    const [oldRoot, newRoot] = [toHex(older.root), toHex(newer.root)];
    return { ok: false, failure: { oldSize: older.size, newSize: newer.size, oldRoot, newRoot, cause } };
  };
  if (older.origin !== newer.origin) return fail('they are of two logs');
  if (newer.size < older.size) return fail('it has fewer entries');
  if (newer.size === older.size && !equalBytes(older.root, newer.root)) return fail('it has another root at that size');
  const [oldSize, newSize, oldRoot, newRoot] = [older.size, newer.size, older.root, newer.root];
  return verifyConsistency({ oldSize, newSize, oldRoot, newRoot, path })
    ? { ok: true }
    : fail('no proof shows that it begins with the older entries');
}
