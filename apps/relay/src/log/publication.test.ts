import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUtf8, toUtf8 } from '@reckon/protocol/base/bytes';
import { openCheckpoint } from '@reckon/protocol/journal/checkpoint';
import { formatNoteKey, parseNoteKey } from '@reckon/protocol/journal/note-key';
import { formatTilePath, tilesOf } from '@reckon/protocol/journal/tiles';
import { makeStaticLog } from '@reckon/protocol/testing/static-log';
import { expect, test } from 'vitest';
import { createMemoryCheckpoints } from '../../testing/memory-checkpoints.ts';
import { createMemoryJournal } from '../../testing/memory-journal.ts';
import { openSqliteJournal } from '../journal/sqlite-journal.ts';
import { type CheckpointStore, openCheckpointFile } from './checkpoint-file.ts';
import { createLogSigner } from './log-key.ts';
import { openPublication } from './publication.ts';
import { createPublisher } from './publisher.ts';

const KEY = `0x${'07'.repeat(32)}`;
const signer = createLogSigner(KEY, 'relay.test');
const entriesOf = (size: number) => Array.from({ length: size }, (_, i) => toUtf8(`entry ${i}`));
const open = (entries: Uint8Array[], checkpoints: CheckpointStore = createMemoryCheckpoints(), by = signer) =>
  openPublication({ journal: createMemoryJournal(entries), checkpoints, signer: by });
const noteOf = (size: number) => fromUtf8(makeStaticLog(entriesOf(size), signer).files.get('checkpoint') as Uint8Array);
const bytesOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');

test('a checkpoint verifies by the system’s own Ed25519', async () => {
  const publication = await open(entriesOf(300));
  await publication.publish(300);
  const [text = '', signature = ''] = (publication.checkpoint ?? '').split('\n\n');
  const publicKey = Buffer.from(publication.key.split('+').slice(2).join('+'), 'base64').subarray(1);
  // RFC 8410: what stands before the 32 bytes of an Ed25519 public key.
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  const bytes = Buffer.from(signature.split(' ')[2] ?? '', 'base64').subarray(4);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  expect(verify(null, Buffer.from(`${text}\n`), key, bytes)).toBe(true);
  expect(text.split('\n')).toEqual(['relay.test/log', '300', expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/)]);
});

test('the key is made of the operator’s key and named after the relay', () => {
  // HKDF-SHA256 of 32 bytes of 7, no salt, info "reckon:log-key:v1".
  const known = 'test-relay/log+350c479c+AVYLceLdVJhoSfZHsqB/zkNgCs2OafJmcIbmN7xXB/DP';
  expect(formatNoteKey(createLogSigner(KEY, 'test-relay').key)).toBe(known);
  expect(formatNoteKey(createLogSigner(`0x${'08'.repeat(32)}`, 'test-relay').key)).not.toBe(known);
});

test('published step by step, every tile and bundle is what the definitions say', async () => {
  const entries: Uint8Array[] = [];
  const journal = createMemoryJournal(entries);
  const publication = await openPublication({ journal, checkpoints: createMemoryCheckpoints(), signer });
  expect([publication.size, publication.checkpoint]).toEqual([0, undefined]);
  for (const size of [1, 2, 255, 256, 257, 512, 600, 1100]) {
    entries.push(...entriesOf(size).slice(entries.length));
    await publication.publish(size);
    const { files } = makeStaticLog(entries, signer);
    expect(publication.checkpoint).toBe(new TextDecoder().decode(files.get('checkpoint')));
    for (const tile of tilesOf(size)) {
      expect(bytesOf(await publication.read(tile))).toBe(bytesOf(files.get(formatTilePath(tile))));
    }
  }
});

test('65,536 entries fill a tile of level 1', async () => {
  const entries = Array.from({ length: 65_536 + 5 }, (_, i) => Uint8Array.of(i >> 16, i >> 8, i));
  const publication = await open(entries);
  await publication.publish(entries.length);
  const { files } = makeStaticLog(entries, signer);
  expect(publication.checkpoint).toBe(new TextDecoder().decode(files.get('checkpoint')));
  for (const tile of tilesOf(entries.length)) {
    if (tile.kind === 'entries' || tile.level === 0) continue;
    expect(bytesOf(await publication.read(tile))).toBe(bytesOf(files.get(formatTilePath(tile))));
  }
});

test('nothing beyond the published size is read', async () => {
  const publication = await open(entriesOf(600));
  await publication.publish(300);
  for (const [kind, level] of [
    ['entries', 0],
    ['hashes', 0],
    ['hashes', 1],
    ['hashes', 2],
  ] as const) {
    const available = Math.floor(300 / 256 ** level);
    for (const [index, width] of [
      [0, 256],
      [1, 44],
      [1, 45],
      [1, 256],
      [2, 1],
      [2 ** 40, 1],
    ] as const) {
      const bytes = await publication.read({ kind, level, index, width });
      expect(bytes !== undefined).toBe(index * 256 + width <= available);
    }
  }
  expect(bytesOf(await publication.read({ kind: 'entries', index: 0, width: 3 }))).toBe(
    bytesOf(makeStaticLog(entriesOf(3)).files.get('tile/entries/000.p/3')),
  );
});

test('what is not on disk cannot be published, and nothing is published twice or taken back', async () => {
  const publication = await open(entriesOf(10));
  await expect(publication.publish(11)).rejects.toThrow(RangeError);
  await publication.publish(8);
  const note = publication.checkpoint;
  await publication.publish(5);
  await publication.publish(8);
  expect([publication.size, publication.checkpoint]).toEqual([8, note]);
  await Promise.all([publication.publish(9), publication.publish(10)]);
  expect(publication.checkpoint).toBe(noteOf(10));
});

test('after a restart the log goes on from the checkpoint that was kept', async () => {
  const checkpoints = createMemoryCheckpoints();
  const first = await open(entriesOf(300), checkpoints);
  await first.publish(300);
  const second = await open(entriesOf(500), checkpoints);
  expect([second.size, second.checkpoint]).toEqual([300, first.checkpoint]);
  await second.publish(500);
  expect(second.checkpoint).toBe(noteOf(500));
});

test.each([
  ['shorter', entriesOf(299), 'it has fewer entries'],
  ['changed', entriesOf(400).with(7, toUtf8('another')), 'it has another root at that size'],
])('a journal that came back %s is not signed', async (_, entries, cause) => {
  const checkpoints = createMemoryCheckpoints();
  await (await open(entriesOf(300), checkpoints)).publish(300);
  await expect(open(entries, checkpoints)).rejects.toEqual(
    expect.objectContaining({ code: 'CHECKPOINT_NOT_EXTENDED', details: expect.objectContaining({ cause }) }),
  );
});

test('with another operator key the log goes on, signed anew', async () => {
  const checkpoints = createMemoryCheckpoints();
  await (await open(entriesOf(300), checkpoints)).publish(300);
  const other = createLogSigner(`0x${'08'.repeat(32)}`, 'relay.test');
  const publication = await open(entriesOf(300), checkpoints, other);
  expect(publication.checkpoint).toBeUndefined();
  await publication.publish(300);
  const key = parseNoteKey(publication.key);
  expect(openCheckpoint(toUtf8(publication.checkpoint ?? ''), { origin: 'relay.test/log', key }).size).toBe(300);
  await expect(open(entriesOf(299), checkpoints, signer)).rejects.toMatchObject({ code: 'CHECKPOINT_NOT_EXTENDED' });
});

test('a checkpoint is kept before it is shown', async () => {
  const failing: CheckpointStore = { read: async () => undefined, write: () => Promise.reject(new Error('disk')) };
  const publication = await open(entriesOf(3), failing);
  await expect(publication.publish(3)).rejects.toThrow('disk');
  expect([publication.size, publication.checkpoint]).toEqual([0, undefined]);
  expect(await publication.read({ kind: 'entries', index: 0, width: 3 })).toBeUndefined();
});

test('an entry that no bundle can hold stops the log before it, and the log says so', async () => {
  const entries = [...entriesOf(2), new Uint8Array(65_536)];
  const publication = await open(entries);
  await publication.publish(2);
  const errors: unknown[] = [];
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: (...error: unknown[]) => void errors.push(error) };
  await createPublisher({ publication, publishable: () => entries.length, log }).poke();
  expect(errors).toEqual([[{ error: expect.stringContaining('entry 2 has 65536 bytes') }, 'log.publish-failed']]);
  expect(publication.size).toBe(2);
});

test('on disk: the journal’s own file, and the checkpoint beside it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'reckon-log-'));
  const path = join(dir, 'checkpoint');
  for (const size of [300, 900]) {
    const journal = openSqliteJournal(join(dir, 'journal.sqlite'));
    await journal.append(entriesOf(size).slice(journal.size));
    const publication = await openPublication({ journal, checkpoints: openCheckpointFile(path), signer });
    await publication.publish(journal.size);
    const { files } = makeStaticLog(entriesOf(size), signer);
    expect(readFileSync(path, 'utf8')).toBe(new TextDecoder().decode(files.get('checkpoint')));
    for (const tile of tilesOf(size)) {
      expect(bytesOf(await publication.read(tile))).toBe(bytesOf(files.get(formatTilePath(tile))));
    }
    journal.close();
  }
  rmSync(dir, { recursive: true });
});
