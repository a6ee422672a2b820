import { refuse } from './refuse.ts';

/**
 * Reads WebAssembly's binary format as strictly as an engine does: no number may be longer than its type allows, so that
 * nothing can mean one thing here and another there. Source: https://webassembly.github.io/spec/core/binary/values.html
 */
export interface ByteReader {
  readonly bytes: Uint8Array;
  /** Next byte to read. */
  at: number;
  /** One past the last byte that may be read. */
  readonly end: number;
  /** What is being read, for refusals: "the type section". */
  readonly what: string;
}

export const readerOf = (bytes: Uint8Array, what: string, at = 0, end = bytes.length): ByteReader => ({
  bytes,
  at,
  end,
  what,
});

const ended = (reader: ByteReader): never => refuse(reader.what, 'all of its bytes', `an end at byte ${reader.at}`);
const malformed = (reader: ByteReader): never =>
  refuse(reader.what, 'well-formed numbers', `a malformed one at byte ${reader.at}`);

export function readByte(reader: ByteReader): number {
  if (reader.at >= reader.end) return ended(reader);
  return reader.bytes[reader.at++] as number;
}

/** LEB128, at most five bytes, padded or not. */
export function readU32(reader: ByteReader): number {
  const { bytes, end } = reader;
  let at = reader.at;
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= end) return ended(reader);
    const byte = bytes[at++] as number;
    if (shift === 28 && byte > 0x0f) return malformed(reader);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) {
      reader.at = at;
      return value;
    }
  }
  return malformed(reader);
}

/** A signed number of 32 bits. */
export function readS32(reader: ByteReader): number {
  const from = reader.at;
  skipSigned(reader, 5);
  let value = 0;
  for (let at = from, shift = 0; at < reader.at; at++, shift += 7) {
    const byte = reader.bytes[at] as number;
    value |= (byte & 0x7f) << shift;
    if (at + 1 === reader.at && shift + 7 < 32 && (byte & 0x40) !== 0) value |= -1 << (shift + 7);
  }
  return value;
}

/** Passes over a signed number of at most `most` bytes: 5 for 32 bits, 10 for 64. Its value is the engine's matter. */
export function skipSigned(reader: ByteReader, most: number): void {
  for (let i = 0; i < most; i++) if (readByte(reader) < 0x80) return;
  malformed(reader);
}

export function skip(reader: ByteReader, count: number): void {
  if (count > reader.end - reader.at) ended(reader);
  reader.at += count;
}

/** The bytes of a name or of a data segment: u32 length, then so many. A view. */
export function readVector(reader: ByteReader): Uint8Array {
  const length = readU32(reader);
  const from = reader.at;
  skip(reader, length);
  return reader.bytes.subarray(from, reader.at);
}
