import { expect, test } from 'vitest';
import { toUtf8 } from '../base/bytes.ts';
import { TEST_ORIGIN, testLogSigner, textbookRoot } from '../../testing/static-log.ts';
import {
  type Checkpoint,
  encodeCheckpoint,
  extendsCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  readOwnCheckpoint,
  signCheckpoint,
} from './checkpoint.ts';
import { proveConsistency } from './log-proofs.ts';
import { hashEntry } from './log-tree.ts';
import { signNote } from './signed-note.ts';

/** The text of golang.org/x/mod/sumdb/tlog's own test. */
const GO = 'go.sum database tree\n123456789012\nTszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=\n';
const signer = testLogSigner();
const refused = expect.objectContaining({ code: 'CHECKPOINT_INVALID' });

test('a checkpoint is written and read as Go does', () => {
  const root = hashEntry(toUtf8('hello world'));
  const checkpoint = { origin: 'go.sum database tree', size: 123_456_789_012, root, extensions: [] };
  expect(encodeCheckpoint(checkpoint)).toBe(GO);
  expect(parseCheckpoint(GO)).toEqual(checkpoint);
  expect(parseCheckpoint(`${GO}one more line\nand another\n`).extensions).toEqual(['one more line', 'and another']);
});

test.each([
  ['its size in hexadecimal', GO.replace('123456789012', '0xabcdef')],
  ['a size with leading zeros', GO.replace('123456789012', '012')],
  ['a negative size', GO.replace('123456789012', '-1')],
  ['a size beyond what is counted', GO.replace('123456789012', '9007199254740993')],
  ['a size beyond any', GO.replace('123456789012', '9'.repeat(400))],
  ['no size', GO.replace('123456789012', '')],
  ['a root that is too long', GO.replace('Bb0=', 'TOOBIG==')],
  ['a root that is too short', GO.replace('TszzRg', '')],
  ['no root', 'a\n1\n'],
  ['no origin', `\n1\n${GO.split('\n')[2]}\n`],
  ['an empty extension line', `${GO}\nmore\n`],
  ['a line that does not end', GO.slice(0, -1)],
  ['another root than nothing’s for no entries', GO.replace('123456789012', '0')],
  ['nothing', ''],
])('a checkpoint with %s is refused', (_, text) => {
  expect(() => parseCheckpoint(text)).toThrow(refused);
});

const at = (entries: readonly Uint8Array[]): Checkpoint => ({
  origin: TEST_ORIGIN,
  size: entries.length,
  root: textbookRoot(entries),
  extensions: [],
});
const entries = Array.from({ length: 7 }, (_, i) => Uint8Array.of(i));

test('it is opened with the key that signed it, of the origin that was asked for', () => {
  const note = signCheckpoint(at(entries), signer);
  expect(openCheckpoint(toUtf8(note), { origin: TEST_ORIGIN, key: signer.key })).toEqual(at(entries));
  expect(readOwnCheckpoint(note)).toEqual(at(entries));
  const other = testLogSigner(6).key;
  expect(() => openCheckpoint(toUtf8(note), { origin: TEST_ORIGIN, key: other })).toThrow(refused);
  expect(() => openCheckpoint(toUtf8(note), { origin: 'other.test/log', key: signer.key })).toThrow(refused);
  expect(() =>
    openCheckpoint(toUtf8(note.replace('\n7\n', '\n8\n')), { origin: TEST_ORIGIN, key: signer.key }),
  ).toThrow(refused);
  expect(() => openCheckpoint(toUtf8(signNote('hello\n', [signer])), { origin: 'hello', key: signer.key })).toThrow(
    refused,
  );
});

const read = (all: readonly Uint8Array[]) => (level: number, index: number) =>
  textbookRoot(all.slice(index * 2 ** level, (index + 1) * 2 ** level));

test('what begins with the older entries extends it', async () => {
  for (let size = 0; size <= 7; size++) {
    const path = await proveConsistency(read(entries), size, 7);
    expect(extendsCheckpoint(at(entries.slice(0, size)), at(entries), path)).toEqual({ ok: true });
  }
});

test('what does not extend it is told with both sides', async () => {
  const [older, newer] = [at(entries.slice(0, 3)), at(entries)];
  const path = await proveConsistency(read(entries), 3, 7);
  const rewritten = entries.with(1, Uint8Array.of(99));
  const otherPath = await proveConsistency(read(rewritten), 3, 7);
  const causeOf = (a: Checkpoint, b: Checkpoint, shown: readonly Uint8Array[]) => {
    const verdict = extendsCheckpoint(a, b, shown);
    return verdict.ok ? undefined : verdict.failure;
  };
  expect(causeOf(newer, older, path)).toMatchObject({ oldSize: 7, newSize: 3, cause: 'it has fewer entries' });
  expect(causeOf(older, at(rewritten.slice(0, 3)), [])).toMatchObject({
    oldSize: 3,
    newSize: 3,
    cause: 'it has another root at that size',
  });
  expect(causeOf(older, at(rewritten), otherPath)).toMatchObject({ oldSize: 3, newSize: 7 });
  expect(causeOf(older, newer, otherPath)).toMatchObject({ cause: expect.stringContaining('no proof') });
  expect(causeOf(older, newer, [])).toMatchObject({ cause: expect.stringContaining('no proof') });
  expect(causeOf(older, { ...newer, origin: 'other.test/log' }, path)).toMatchObject({ cause: 'they are of two logs' });
});
