import { hash } from 'node:crypto';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import {
  extendsCheckpoint,
  openCheckpoint,
  readOwnCheckpoint,
  signCheckpoint,
} from '@reckon/protocol/journal/checkpoint';
import { formatNoteKey } from '@reckon/protocol/journal/note-key';
import type { NoteSigner } from '@reckon/protocol/journal/signed-note';
import { encodeBundle, encodeTile, MAX_ENTRY_BYTES } from '@reckon/protocol/journal/tile-bytes';
import { formatTilePath, rowLength, type Tile, TILE_WIDTH } from '@reckon/protocol/journal/tiles';
import type { Journal } from '../journal/journal.ts';
import type { CheckpointStore } from './checkpoint-file.ts';
import { createHashRows } from './hash-rows.ts';

/**
 * The published beginning of the journal, in the parts a public log has (docs/log.md). What lies beyond it is read by
 * nobody outside: what was just found must not be told before it may be.
 */
export interface Publication {
  readonly origin: string;
  /** The key that verifies its checkpoints, as text. */
  readonly key: string;
  /** Entries published; 0 before the first checkpoint. */
  readonly size: number;
  /** The newest signed checkpoint. */
  readonly checkpoint: string | undefined;
  /**
   * Signs and publishes the journal's first `size` entries, unless as many are published already. One at a time.
   * @throws {RangeError} when they are not all on disk.
   * @throws {ReckonError} JOURNAL_CORRUPT, DISK_FULL; LOG_TILE_INVALID for an entry too large for a log.
   */
  publish(size: number): Promise<void>;
  /** The bytes of a tile or bundle; undefined beyond what is published. @throws {ReckonError} JOURNAL_CORRUPT */
  read(tile: Tile): Promise<Uint8Array | undefined>;
}

const LEAF = Uint8Array.of(0);
/** As `hashEntry` of the protocol, by the system's faster SHA-256: at start every entry is hashed. */
const hashEntry = (entry: Uint8Array): Uint8Array => hash('sha256', Buffer.concat([LEAF, entry]), 'buffer');

/**
 * Opens the log of a journal and reads it through.
 * @throws {ReckonError} CHECKPOINT_NOT_EXTENDED when the journal is not what an earlier checkpoint of ours was signed over.
 */
export async function openPublication(ports: {
  journal: Pick<Journal, 'size' | 'read'>;
  checkpoints: CheckpointStore;
  signer: NoteSigner;
}): Promise<Publication> {
  const { journal, checkpoints, signer } = ports;
  const { key } = signer;
  const origin = key.name;
  const rows = createHashRows();
  let published: { size: number; note: string } | undefined;

  async function readThrough(size: number): Promise<void> {
    if (rows.size >= size) return;
    for await (const entry of journal.read(rows.size)) {
      if (entry.length > MAX_ENTRY_BYTES) {
        const path = formatTilePath({ kind: 'entries', index: Math.floor(rows.size / TILE_WIDTH), width: TILE_WIDTH });
        const cause = `entry ${rows.size} has ${entry.length} bytes; a log holds at most ${MAX_ENTRY_BYTES}`;
        throw new ReckonError('LOG_TILE_INVALID', { path, cause });
      }
      rows.append(hashEntry(entry));
      if (rows.size === size) return;
    }
    throw new ReckonError('JOURNAL_CORRUPT', { index: rows.size, cause: 'it is missing' });
  }

  const checkpointOf = async () => ({ origin, size: rows.size, root: await rows.root(), extensions: [] });

  async function sign(size: number): Promise<void> {
    if (size > journal.size) throw new RangeError(`${size} entries cannot be published, ${journal.size} are on disk`);
    // Below what was read through there is nothing to gain: the next time will be for more.
    if (size < rows.size || size === published?.size) return;
    await readThrough(size);
    const note = signCheckpoint(await checkpointOf(), signer);
    // Kept before anybody sees it: after a crash the next one must extend it.
    await checkpoints.write(note);
    published = { size, note };
  }

  async function readEntries(index: number, width: number): Promise<Uint8Array[]> {
    const entries: Uint8Array[] = [];
    for await (const entry of journal.read(index * TILE_WIDTH)) {
      entries.push(entry);
      if (entries.length === width) break;
    }
    return entries;
  }

  const kept = await checkpoints.read();
  if (kept !== undefined) {
    const older = readOwnCheckpoint(kept);
    await readThrough(Math.min(older.size, journal.size));
    const extension = extendsCheckpoint(older, await checkpointOf(), []);
    if (!extension.ok) throw new ReckonError('CHECKPOINT_NOT_EXTENDED', extension.failure);
    published = isSignedBy(kept, signer) ? { size: older.size, note: kept } : undefined;
  }

  let turn: Promise<void> = Promise.resolve();
  return {
    origin,
    key: formatNoteKey(key),
    get size() {
      return published?.size ?? 0;
    },
    get checkpoint() {
      return published?.note;
    },
    publish(size) {
      turn = turn.catch(() => {}).then(() => sign(size));
      return turn;
    },
    async read(tile) {
      const level = tile.kind === 'entries' ? 0 : tile.level;
      if (tile.index * TILE_WIDTH + tile.width > rowLength(published?.size ?? 0, level)) return undefined;
      if (level > 0) return encodeTile(rows.read(level, tile.index, tile.width));
      const entries = await readEntries(tile.index, tile.width);
      return tile.kind === 'entries' ? encodeBundle(entries) : encodeTile(entries.map(hashEntry));
    },
  };
}

/** False after the operator's key was changed: the log goes on under the new one. */
function isSignedBy(note: string, { key }: NoteSigner): boolean {
  try {
    openCheckpoint(toUtf8(note), { origin: key.name, key });
    return true;
  } catch {
    return false;
  }
}
