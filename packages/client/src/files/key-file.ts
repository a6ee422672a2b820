import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toHex } from '@reckon/protocol/base/bytes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { Hex } from 'viem';

const KEY = /^0x[0-9a-f]{64}$/;
const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** @throws {ReckonError} USAGE naming `where`; the text itself is never shown. */
export function parseKey(text: string, where: string): Hex {
  const key = text.trim().toLowerCase();
  const prefixed = key.startsWith('0x') ? key : `0x${key}`;
  if (!KEY.test(prefixed) || BigInt(prefixed) === 0n) {
    throw new ReckonError('USAGE', { message: `${where} is not a private key: 0x and 64 hex digits are expected.` });
  }
  return prefixed as Hex;
}

/** The key in a file only its owner may read; made and kept there the first time. */
export async function loadOrMakeKey(path: string): Promise<Hex> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    // `wx`: of two processes that make the key at once one wins, and the other reads its key.
    const file = await open(path, 'wx', 0o600);
    const key = toHex(crypto.getRandomValues(new Uint8Array(32)));
    await file.writeFile(`${key}\n`);
    await file.sync();
    await file.close();
    return key;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  return parseKey(await readFile(path, 'utf8'), path);
}
