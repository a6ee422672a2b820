import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Lower-case hex with a `0x` prefix, the only text form of bytes. */
export type Hex = `0x${string}`;

// The one platform global used here: every runtime has it, `lib` without DOM just does not declare it.
declare const TextDecoder: new (label: 'utf-8', options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

export const toHex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;

/** Value of each hex digit by its character code; 255 for every other character. */
const DIGITS = new Uint8Array(128).fill(255);
for (let value = 0; value < 16; value++) {
  for (const digit of [value.toString(16), value.toString(16).toUpperCase()]) DIGITS[digit.charCodeAt(0)] = value;
}

/**
 * By a table: a replay decodes some hundred hashes for each unit, and `Uint8Array.fromHex` takes 430 ns for one, this 120
 * (Node 26).
 * @throws {RangeError} when `hex` is not `0x` and an even number of hex digits. Parse outside input by schema first.
 */
export function fromHex(hex: string): Uint8Array {
  const out = new Uint8Array(Math.max(0, (hex.length - 2) >> 1));
  if (hex.length % 2 !== 0 || hex.charCodeAt(0) !== 48 || hex.charCodeAt(1) !== 120) throw notHex(hex);
  for (let i = 0, at = 2; i < out.length; i++, at += 2) {
    const high = DIGITS[hex.charCodeAt(at)] ?? 255;
    const low = DIGITS[hex.charCodeAt(at + 1)] ?? 255;
    if ((high | low) > 15) throw notHex(hex);
    out[i] = (high << 4) | low;
  }
  return out;
}

const notHex = (hex: string) => new RangeError(`expected 0x and pairs of hex digits, got "${hex.slice(0, 20)}"`);

export const toUtf8 = (text: string): Uint8Array => utf8ToBytes(text);

/** @throws {TypeError} when the bytes are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

export function concat(...parts: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Big-endian u32. */
export const u32be = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

/** One 32-byte ABI word holding an unsigned integer. */
export function word(value: bigint | number): Uint8Array {
  return fromHex(`0x${BigInt(value).toString(16).padStart(64, '0')}`);
}

/** One 32-byte ABI word holding a left-padded value such as an address. */
export function padWord(hex: Hex): Uint8Array {
  return fromHex(`0x${hex.slice(2).padStart(64, '0')}`);
}

/** Orders byte strings as unsigned big-endian numbers; negative when `a` comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => compareBytes(a, b) === 0;
