import { concat, toUtf8 } from '../src/base/bytes.ts';
import { sha256 } from '../src/base/hash.ts';
import { type Checkpoint, signCheckpoint } from '../src/journal/checkpoint.ts';
import { CHECKPOINT_PATH, formatTilePath, tilesOf } from '../src/journal/tiles.ts';
import { encodeBundle, encodeTile } from '../src/journal/tile-bytes.ts';
import { createNoteSigner, type NoteSigner } from '../src/journal/signed-note.ts';
import type { FetchLog } from '../src/journal/verified-tiles.ts';

/** MTH of RFC 6962 section 2.1, written down as it stands there. */
export function textbookRoot(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256(new Uint8Array(0));
  if (entries.length === 1) return sha256(concat(Uint8Array.of(0), entries[0] as Uint8Array));
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return sha256(concat(Uint8Array.of(1), textbookRoot(entries.slice(0, split)), textbookRoot(entries.slice(split))));
}

export const TEST_ORIGIN = 'relay.test/log';
export const testLogSigner = (byte = 5): NoteSigner => createNoteSigner(TEST_ORIGIN, new Uint8Array(32).fill(byte));

/** A public log as files by their paths, made by the definitions alone. Change a file to play a dishonest log. */
export function makeStaticLog(entries: readonly Uint8Array[], signer = testLogSigner()) {
  const files = new Map<string, Uint8Array>();
  for (const tile of tilesOf(entries.length)) {
    const first = tile.index * 256;
    if (tile.kind === 'entries') {
      files.set(formatTilePath(tile), encodeBundle(entries.slice(first, first + tile.width)));
      continue;
    }
    const span = 256 ** tile.level;
    const hashes = Array.from({ length: tile.width }, (_, i) =>
      textbookRoot(entries.slice((first + i) * span, (first + i + 1) * span)),
    );
    files.set(formatTilePath(tile), encodeTile(hashes));
  }
  const root = textbookRoot(entries);
  const checkpoint: Checkpoint = { origin: signer.key.name, size: entries.length, root, extensions: [] };
  files.set(CHECKPOINT_PATH, toUtf8(signCheckpoint(checkpoint, signer)));
  const fetch: FetchLog = async (path, maxBytes) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Error(`the log has no ${path}`);
    if (bytes.length > maxBytes) throw new Error(`${path} has ${bytes.length} bytes, more than ${maxBytes}`);
    return bytes.slice();
  };
  return { files, checkpoint, fetch, source: { fetch, origin: signer.key.name, key: signer.key } };
}
