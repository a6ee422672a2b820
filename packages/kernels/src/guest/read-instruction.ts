import { type ByteReader, readByte, readU32, skip, skipSigned } from './byte-reader.ts';
import { GUEST_LIMITS } from './limits.ts';
import { BULK_PREFIX, type Immediate, type Instruction, instructionOf, SIMD_PREFIX } from './opcodes.ts';
import { atMost, hex, refuse } from './refuse.ts';
import { valueTypeName } from './abi.ts';

const EXPECTED = 'instructions of WebAssembly 1.0, sign extension, saturating truncation, bulk memory or SIMD128';

/** Reads one opcode; `code` as `instructionOf` takes it. @throws {ReckonError} GUEST_MODULE_INVALID for one that is not allowed. */
export function readOpcode(reader: ByteReader): { code: number; instruction: Instruction } {
  const first = readByte(reader);
  if (first < 0xfb) {
    const instruction = instructionOf(first);
    return instruction === undefined ? refuse(reader.what, EXPECTED, forbidden(first)) : { code: first, instruction };
  }
  const number = readU32(reader);
  const prefix = first === 0xfc ? BULK_PREFIX : first === 0xfd ? SIMD_PREFIX : undefined;
  const code = prefix === undefined || number > 0xff ? undefined : prefix + number;
  const instruction = code === undefined ? undefined : instructionOf(code);
  if (code === undefined || instruction === undefined) return refuse(reader.what, EXPECTED, forbidden(first, number));
  return { code, instruction };
}

/** What a person would call an instruction that is not allowed. */
function forbidden(first: number, number?: number): string {
  const code = number === undefined ? hex(first) : `${hex(first)} ${hex(number)}`;
  const kind = () => {
    if (first === 0xfe) return 'an atomic instruction (threads)';
    if (first === 0xfd && number !== undefined && number >= 0x100)
      return 'relaxed SIMD, whose results depend on the machine';
    if (first === 0xfb) return 'an instruction of garbage collection';
    if (first >= 0x06 && first <= 0x0a) return 'exception handling';
    if (first === 0x18 || first === 0x19 || first === 0x1f) return 'exception handling';
    if (first >= 0x12 && first <= 0x15) return 'a tail call or a typed call';
    if (first === 0x25 || first === 0x26 || (first >= 0xd0 && first <= 0xd6))
      return 'an instruction of reference types';
    if (first === 0xfc && number !== undefined && number >= 15 && number <= 17)
      return 'an instruction of reference types';
    return 'an unknown instruction';
  };
  return `${kind()} (${code})`;
}

/** Passes over what follows an opcode, as strictly as an engine reads it. @throws {ReckonError} GUEST_MODULE_INVALID */
export function skipImmediate(reader: ByteReader, immediate: Immediate): void {
  switch (immediate) {
    case 'none':
      return;
    case 'block':
      return skipBlockType(reader);
    case 'index':
      return void readU32(reader);
    case 'branches': {
      const targets = atMost(`${reader.what}: targets of a br_table`, GUEST_LIMITS.branchTargets, readU32(reader));
      for (let i = 0; i <= targets; i++) readU32(reader);
      return;
    }
    case 'indirect':
      readU32(reader);
      return zero(reader, 'the table');
    case 'types':
      if (readU32(reader) !== 1 || valueTypeName(readByte(reader)) === undefined) {
        refuse(`${reader.what}: select`, 'one number type', 'another');
      }
      return;
    case 'memory':
      return skipAddress(reader);
    case 'memoryAndLane':
      skipAddress(reader);
      return skip(reader, 1);
    case 'lane':
      return skip(reader, 1);
    case 'lanes16':
      return skip(reader, 16);
    case 'zero':
      return zeroByte(reader);
    case 'zeroZero':
      zeroByte(reader);
      return zeroByte(reader);
    case 'indexZero':
      readU32(reader);
      return zeroByte(reader);
    case 's32':
      return skipSigned(reader, 5);
    case 's64':
      return skipSigned(reader, 10);
    case 'bytes4':
      return skip(reader, 4);
    case 'bytes8':
      return skip(reader, 8);
  }
}

/** Alignment and offset. An alignment of 64 or more would mean another memory than the one there may be. */
function skipAddress(reader: ByteReader): void {
  const align = readU32(reader);
  if (align > 4)
    refuse(`${reader.what}: a memory instruction`, 'an alignment of at most 2⁴ bytes', `flags ${hex(align)}`);
  readU32(reader);
}

/** The number of the one table; toolchains pad it. */
function zero(reader: ByteReader, of: string): void {
  const index = readU32(reader);
  if (index !== 0) refuse(`${reader.what}: the number of ${of}`, '0', String(index));
}

function zeroByte(reader: ByteReader): void {
  const index = readByte(reader);
  if (index !== 0) refuse(`${reader.what}: the number of the memory or table`, '0', hex(index));
}

/** Nothing, one value, or the number of a type: a signed number of 33 bits that is not negative. */
function skipBlockType(reader: ByteReader): void {
  const first = readByte(reader);
  if ((first & 0xc0) === 0x40) {
    if (first === 0x40 || valueTypeName(first) !== undefined) return;
    refuse(`${reader.what}: the type of a block`, 'numbers', hex(first));
  }
  let byte = first;
  for (let read = 1; byte >= 0x80; read++) {
    if (read === 5) refuse(`${reader.what}: the type of a block`, 'the number of a type', 'a malformed one');
    byte = readByte(reader);
    if (byte < 0x80 && ((byte & 0x40) !== 0 || (read === 4 && byte > 0x0f))) {
      refuse(`${reader.what}: the type of a block`, 'the number of a type', 'a malformed one');
    }
  }
}
