import { ed25519 } from '@noble/curves/ed25519.js';
import { fromBase64, toBase64 } from '../base/base64.ts';
import { concat, equalBytes, fromUtf8, toUtf8 } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';
import { isKeyName, keyIdOf, type NoteKey } from './note-key.ts';

/**
 * Text signed by one or more keys (C2SP signed-note): the text, a blank line, and a line for each signature,
 * `— <key name> <base64(4-byte key id ‖ signature)>`. The text ends with a newline, which is signed with it.
 */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly keyId: Uint8Array; readonly signature: Uint8Array }[];
}

/** Signs notes with a key held in memory. */
export interface NoteSigner {
  readonly key: NoteKey;
  sign(text: string): Uint8Array;
}

export const MAX_NOTE_BYTES = 64 * 1024;
const MAX_SIGNATURES = 100;
const SIGNATURE_LINE = /^— ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/;

const refuse = (cause: string) => new ReckonError('NOTE_INVALID', { cause });

/** @param secretKey 32 bytes, the seed of RFC 8032. @throws {ReckonError} NOTE_INVALID for a name that no key may have. */
export function createNoteSigner(name: string, secretKey: Uint8Array): NoteSigner {
  if (!isKeyName(name)) throw refuse(`"${name.slice(0, 100)}" cannot name a key`);
  const key = { name, publicKey: ed25519.getPublicKey(secretKey) };
  return { key, sign: (text) => ed25519.sign(toUtf8(text), secretKey) };
}

/** Newlines are the only control characters of a note. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 && text[i] !== '\n') return false;
  return true;
}

/** The signed note. @throws {ReckonError} NOTE_INVALID for text that does not end with a newline. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n') || !isPlain(text)) throw refuse('its text must be plain and end with a newline');
  const lines = signers.map(({ key, sign }) => `— ${key.name} ${toBase64(concat(keyIdOf(key), sign(text)))}\n`);
  return `${text}\n${lines.join('')}`;
}

function parseSignature(line: string): SignedNote['signatures'][number] {
  const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes === undefined || bytes.length < 5) throw refuse('a signature line cannot be read');
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Takes a note apart; whose it is `openNote` tells. @throws {ReckonError} NOTE_INVALID */
export function parseNote(bytes: Uint8Array): SignedNote {
  if (bytes.length > MAX_NOTE_BYTES) throw refuse(`it has ${bytes.length} bytes; at most ${MAX_NOTE_BYTES} are read`);
  let note: string;
  try {
    note = fromUtf8(bytes);
  } catch {
    throw refuse('it is not UTF-8');
  }
  // A decoder drops a byte order mark, which would then not be among the bytes that were signed.
  if (toUtf8(note).length !== bytes.length || !isPlain(note)) throw refuse('it has characters that no note may have');
  // The text may have empty lines itself; the last one parts it from its signatures.
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw refuse('it has no signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw refuse(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

/**
 * The text, once at least one of `keys` has signed it. Signatures by other keys are ignored, as the specification says.
 * @throws {ReckonError} NOTE_INVALID when none of the keys signed, or a signature in the name of one does not verify.
 */
export function openNote(bytes: Uint8Array, keys: readonly NoteKey[]): string {
  const { text, signatures } = parseNote(bytes);
  let verified = 0;
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((known) => known.name === name && equalBytes(keyIdOf(known), keyId));
    if (key === undefined) continue;
    if (!isSignature(key, text, signature)) throw refuse(`the signature of ${name} does not verify`);
    verified++;
  }
  if (verified > 0) return text;
  const names = signatures.map(({ name }) => name).join(', ');
  throw refuse(
    `it is signed by ${names.slice(0, 300)}, but not with the key of ${keys.map(({ name }) => name).join(' or ')}`,
  );
}

function isSignature(key: NoteKey, text: string, signature: Uint8Array): boolean {
  try {
    // RFC 8032 as it stands: what one verifier takes, all of them take.
    return ed25519.verify(signature, toUtf8(text), key.publicKey, { zip215: false });
  } catch {
    return false; // wrong length, or no point of the curve
  }
}
