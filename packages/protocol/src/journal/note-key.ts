import { bytesToHex } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from '../base/base64.ts';
import { concat, equalBytes, fromHex, toUtf8 } from '../base/bytes.ts';
import { ReckonError } from '../base/errors.ts';
import { sha256 } from '../base/hash.ts';

/** Whose signatures on notes are believed: a name, and an Ed25519 public key of 32 bytes (C2SP signed-note). */
export interface NoteKey {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

const ED25519 = 0x01;
const NEWLINE = 0x0a;

/** Names are non-empty and have no spaces, pluses or control characters. */
export const isKeyName = (name: string): boolean => name.length <= 200 && /^[^\s+\p{Cc}\p{Z}]+$/u.test(name);

const withType = (publicKey: Uint8Array): Uint8Array => concat(Uint8Array.of(ED25519), publicKey);

/** SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key), its first 4 bytes: tells keys apart, proves nothing. */
export const keyIdOf = ({ name, publicKey }: NoteKey): Uint8Array =>
  sha256(concat(toUtf8(name), Uint8Array.of(NEWLINE), withType(publicKey))).slice(0, 4);

/** `<name>+<hex key id>+<base64(0x01 ‖ public key)>`, which C2SP tools call a vkey. */
export const formatNoteKey = (key: NoteKey): string =>
  `${key.name}+${bytesToHex(keyIdOf(key))}+${toBase64(withType(key.publicKey))}`;

/** @throws {ReckonError} NOTE_INVALID when it is not an Ed25519 key, or its id is another key's. */
export function parseNoteKey(text: string): NoteKey {
  const refuse = (cause: string) => new ReckonError('NOTE_INVALID', { cause: `the key ${cause}` });
  const match = /^([^+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text);
  if (match === null) throw refuse('is not <name>+<8 hex digits>+<44 letters of base64>');
  const [, name = '', id = '', encoded = ''] = match;
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes === undefined) throw refuse('has a name or bytes that cannot be read');
  if (bytes[0] !== ED25519) throw refuse(`is of type ${bytes[0]}, expected ${ED25519} (Ed25519)`);
  const key = { name, publicKey: bytes.slice(1) };
  if (!equalBytes(keyIdOf(key), fromHex(`0x${id}`))) throw refuse(`has id ${bytesToHex(keyIdOf(key))}, but says ${id}`);
  return key;
}
