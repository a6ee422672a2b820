import { ReckonError } from '../base/errors.ts';
import { type Checkpoint, extendsCheckpoint, openCheckpoint } from './checkpoint.ts';
import type { HashEntry } from './log-tree.ts';
import { proveConsistency, type ReadHash } from './log-proofs.ts';
import type { NoteKey } from './note-key.ts';
import { MAX_NOTE_BYTES } from './signed-note.ts';
import { readFromTiles } from './tile-root.ts';
import { CHECKPOINT_PATH, TILE_WIDTH } from './tiles.ts';
import { checkBundle, createVerifiedTiles, type FetchLog, readServedTiles } from './verified-tiles.ts';

export interface LogEntry {
  readonly index: number;
  readonly entry: Uint8Array;
  /** The entry's hash in the tree. */
  readonly hash: Uint8Array;
}

/** One checkpoint's log. Nothing is handed out before it was verified up to the checkpoint's root. */
export interface LogView {
  readonly checkpoint: Checkpoint;
  /** The signed note as it was served: keep it, it is the evidence if the log is ever rewritten. */
  readonly note: Uint8Array;
  /**
   * Entries [from, to) in order, all by default. It fails before the first entry that is not the signed one: with
   * LOG_ENTRY_MISMATCH naming it, LOG_ROOT_MISMATCH, LOG_TILE_INVALID, or what the fetch fails with.
   */
  entries(from?: number, to?: number): AsyncGenerator<LogEntry>;
  /** The hashes of the tree, for inclusion and consistency proofs. */
  readonly readHash: ReadHash;
  /** Downloads the proof that this log begins with the older one. @throws {ReckonError} CHECKPOINT_NOT_EXTENDED */
  requireExtends(older: Checkpoint): Promise<void>;
}

export interface LogSource {
  fetch: FetchLog;
  origin: string;
  key: NoteKey;
  /** A faster `hashEntry`, where the platform has one. */
  hashEntry?: HashEntry;
}

/** Fetches the log's newest checkpoint and verifies whose it is. @throws {ReckonError} CHECKPOINT_INVALID */
export async function readLog({ fetch, origin, key, hashEntry }: LogSource): Promise<LogView> {
  const note = await fetch(CHECKPOINT_PATH, MAX_NOTE_BYTES);
  const checkpoint = openCheckpoint(note, { origin, key });
  return viewLog(fetch, checkpoint, note, hashEntry);
}

/** The log of a checkpoint that was verified before. */
export function viewLog(fetch: FetchLog, checkpoint: Checkpoint, note: Uint8Array, hashEntry?: HashEntry): LogView {
  const served = readServedTiles(fetch, checkpoint.size);
  const tiles = createVerifiedTiles(served, checkpoint);
  const readHash = readFromTiles(tiles);

  async function load(index: number): Promise<readonly Omit<LogEntry, 'index'>[]> {
    const [hashes, bundle] = await Promise.all([tiles(0, index), served.bundle(index)]);
    checkBundle({ index, hashes }, bundle, hashEntry);
    return bundle.entries.map((entry, i) => ({ entry, hash: hashes[i] as Uint8Array }));
  }

  async function* entries(from = 0, to = checkpoint.size): AsyncGenerator<LogEntry> {
    const end = Math.min(to, checkpoint.size);
    let index = Math.floor(from / TILE_WIDTH);
    let next = from < end ? load(index) : undefined;
    while (next !== undefined) {
      const [loaded, first] = [await next, index * TILE_WIDTH];
      index++;
      // The next bundle is under way while this one is worked on.
      next = index * TILE_WIDTH < end ? load(index) : undefined;
      next?.catch(() => {}); // seen when it is its turn, if the reader comes that far
      for (const [i, leaf] of loaded.entries()) {
        if (first + i >= from && first + i < end) yield { index: first + i, ...leaf };
      }
    }
  }

  return {
    checkpoint,
    note,
    entries,
    readHash,
    async requireExtends(older) {
      const path = older.size < checkpoint.size ? await proveConsistency(readHash, older.size, checkpoint.size) : [];
      const extension = extendsCheckpoint(older, checkpoint, path);
      if (!extension.ok) throw new ReckonError('CHECKPOINT_NOT_EXTENDED', extension.failure);
    },
  };
}
