import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64 } from '../base/base64.ts';
import { toUtf8 } from '../base/bytes.ts';
import { formatNoteKey, isKeyName, keyIdOf, parseNoteKey } from './note-key.ts';
import { createNoteSigner, openNote, parseNote, signNote } from './signed-note.ts';

/** The vectors of golang.org/x/mod/sumdb/note. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const PETER_SEED = (fromBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz') as Uint8Array).slice(1);
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const BY_PETER =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const BY_ENOCH =
  '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const [peter, enoch] = [parseNoteKey(PETER), parseNoteKey(ENOCH)];
const open = (note: string, keys = [peter]) => openNote(toUtf8(note), keys);
const refused = expect.objectContaining({ code: 'NOTE_INVALID' });

test('a key is read and written as Go does', () => {
  expect(peter.name).toBe('PeterNeumann');
  expect(formatNoteKey(peter)).toBe(PETER);
  expect(formatNoteKey(enoch)).toBe(ENOCH);
  const tessera = 'transparency.dev/tessera/example+ae330e15+ASf4/L1zE859VqlfQgGzKy34l91Gl8W6wfwp+vKP62DW';
  expect(formatNoteKey(parseNoteKey(tessera))).toBe(tessera);
});

test('no part of a key and no key with one letter changed is a key', () => {
  const refuse = (text: string) => expect(() => parseNoteKey(text)).toThrow(refused);
  for (let from = 0; from <= PETER.length; from++) {
    for (let to = from; to <= PETER.length; to += 1 + (to % 5))
      if (to - from < PETER.length) refuse(PETER.slice(from, to));
  }
  for (let i = 0; i < PETER.length; i++) {
    refuse(PETER.slice(0, i) + String.fromCharCode(PETER.charCodeAt(i) + 1) + PETER.slice(i + 1));
  }
  refuse('PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='); // of wrong length
  refuse('PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'); // of an unknown type
});

test('the known key signs the known text as Go does', () => {
  const signer = createNoteSigner('PeterNeumann', PETER_SEED);
  expect(formatNoteKey(signer.key)).toBe(PETER);
  expect(signNote(TEXT, [signer])).toBe(`${TEXT}\n${BY_PETER}`);
});

test('one known signature is enough; those of unknown keys are ignored', () => {
  for (const keys of [[peter], [enoch], [peter, enoch]]) {
    expect(open(`${TEXT}\n${BY_PETER}${BY_ENOCH}`, keys)).toBe(TEXT);
  }
  const other = '— SomebodyElse AAAAAAAA\n';
  expect(open(`${TEXT}\n${other}${BY_PETER}`)).toBe(TEXT);
});

const spoiled = `${BY_PETER.slice(0, 60)}ABCD${BY_PETER.slice(60)}`;

test.each([
  ['has no signature of a known key', `${TEXT}\n${BY_ENOCH}`],
  ['has a spoiled signature of a known key', `${TEXT}\n${spoiled}`],
  ['has a good signature beside a spoiled one of a known key', `${TEXT}\n${BY_PETER}${spoiled}`],
  ['has another text', `${TEXT.replace('know', 'now')}\n${BY_PETER}`],
  ['is only text', TEXT],
  ['has no signature lines', `${TEXT}\n`],
  ['does not end its last line', `${TEXT}\n${BY_PETER.slice(0, -1)}`],
  ['has a control character', `\x01${TEXT}\n${BY_PETER}`],
  ['has carriage returns', `${TEXT}\n${BY_PETER}`.replaceAll('\n', '\r\n')],
  ['begins with a byte order mark', `\ufeff${TEXT}\n${BY_PETER}`],
  ['is signed by a known key under another name', `${TEXT}\n${BY_PETER.replace('PeterNeumann', 'CarmenSandiego')}`],
  ['is signed under a known name with another id', `${TEXT}\n${BY_PETER.replace('x08g', 'xxxx')}`],
  ['has a name with a space', `${TEXT}\n${BY_PETER.replace('PeterNeumann', 'Bad Name')}`],
  ['has a name with a plus', `${TEXT}\n${BY_PETER.replace('PeterNeumann', 'Bad+Name')}`],
  ['has an unexpected line', `${TEXT}\n${BY_PETER}Unexpected line.\n`],
  ['uses a hyphen for the dash', `${TEXT}\n${BY_PETER.replace('—', '-')}`],
  ['has too many signatures', `${TEXT}\n${BY_PETER.repeat(101)}`],
  ['is too long', signNote(`${'x'.repeat(70_000)}\n`, [createNoteSigner('PeterNeumann', PETER_SEED)])],
  ['is empty', ''],
])('a note that %s is refused', (_, note) => {
  expect(() => open(note)).toThrow(refused);
});

test('bytes that are not UTF-8 are refused', () => {
  expect(() => openNote(Uint8Array.of(0xff, ...toUtf8(`${TEXT}\n${BY_PETER}`)), [peter])).toThrow(refused);
});

test('a key of the same name and id, but another one, is not believed', () => {
  const forged = { name: peter.name, publicKey: enoch.publicKey };
  expect(keyIdOf(forged)).not.toEqual(keyIdOf(peter));
  expect(() => open(`${TEXT}\n${BY_PETER}`, [forged])).toThrow(refused);
});

test('names with spaces or pluses are nobody’s', () => {
  for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\u2028b', 'a\tb', 'x'.repeat(201)])
    expect(isKeyName(name)).toBe(false);
  expect(() => createNoteSigner('a b', PETER_SEED)).toThrow(refused);
});

const arbitraryText = fc.string({ unit: fc.constantFrom('a', 'ü', '—', ' ', '\n', '+') }).map((text) => `${text}\n`);

test('any plain text is opened as it was signed, by each of its signers, and by nobody else', () => {
  const signers = [1, 2].map((byte) => createNoteSigner(`s${byte}.test`, new Uint8Array(32).fill(byte)));
  fc.assert(
    fc.property(arbitraryText, fc.nat(), (text, at) => {
      const note = signNote(text, signers);
      for (const { key } of signers) expect(open(note, [key])).toBe(text);
      expect(parseNote(toUtf8(note))).toMatchObject({ text, signatures: { length: 2 } });
      const bytes = toUtf8(note);
      bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ 1;
      // A flipped bit in one signature leaves the other; in the text it leaves none.
      let opened: string | undefined;
      try {
        opened = openNote(bytes, [signers[0]?.key as never]);
      } catch (error) {
        expect(error).toEqual(refused);
      }
      expect(opened ?? text).toBe(text);
    }),
    { numRuns: 30 },
  );
});
