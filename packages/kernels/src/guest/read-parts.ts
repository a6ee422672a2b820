import { INITIALIZE, INITIALIZE_TYPE, RUN_TYPE, typeName } from './abi.ts';
import { type ByteReader, readByte, readS32, readU32, readVector, skip, skipSigned } from './byte-reader.ts';
import { GUEST_LIMITS, PAGE_BYTES } from './limits.ts';
import { quoted, type FunctionType, readName, readValueType } from './read-types.ts';
import { atMost, hex, refuse } from './refuse.ts';

/** Readers of the smaller sections; the bytes they pass over are written again as they are. */

/** Sizes of the memory in pages of 64 KiB. */
export interface MemorySize {
  least: number;
  most: number;
}

/** One memory of 32-bit addresses that is not shared, with a maximum. @throws {ReckonError} GUEST_MODULE_INVALID */
export function readMemory(reader: ByteReader): MemorySize {
  const count = readU32(reader);
  if (count !== 1) refuse('memories', 'exactly one', String(count));
  const flags = readByte(reader);
  if (flags >= 0x04) refuse('the memory', 'addresses of 32 bits', `flags ${hex(flags)} (memory64)`);
  if (flags >= 0x02) refuse('the memory', 'no sharing among threads', `flags ${hex(flags)} (shared)`);
  const least = readU32(reader);
  if (flags === 0) {
    refuse(
      "the memory's maximum",
      `at most ${GUEST_LIMITS.memoryPages} pages of 64 KiB (wasm-ld: --max-memory)`,
      'none',
    );
  }
  const most = readU32(reader);
  if (most > GUEST_LIMITS.memoryPages) {
    refuse("the memory's maximum", `at most ${GUEST_LIMITS.memoryPages} pages of 64 KiB`, `${most} pages`);
  }
  if (least > most) refuse("the memory's size", `at most its maximum of ${most} pages`, `${least} pages`);
  return { least, most };
}

const FUNCREF = 0x70;

/** At most one table, of functions. @throws {ReckonError} GUEST_MODULE_INVALID */
export function readTables(reader: ByteReader): void {
  const count = atMost('tables', 1, readU32(reader));
  if (count === 0) return;
  const type = readByte(reader);
  if (type !== FUNCREF) refuse('the table', 'functions', `type ${hex(type)}`);
  const flags = readByte(reader);
  if (flags > 1) refuse('the table', 'indexes of 32 bits', `flags ${hex(flags)}`);
  atMost("the table's size", GUEST_LIMITS.tableEntries, readU32(reader));
  if (flags === 1) readU32(reader);
}

/** @returns how many. @throws {ReckonError} GUEST_MODULE_INVALID */
export function readGlobals(reader: ByteReader): number {
  const count = atMost('globals', GUEST_LIMITS.globals, readU32(reader));
  for (let i = 0; i < count; i++) {
    readValueType(reader, `global ${i}`);
    const mutable = readByte(reader);
    if (mutable > 1) refuse(`global ${i}`, 'mutable or not', hex(mutable));
    skipConstant(reader, `global ${i}`);
  }
  return count;
}

/** A constant of any number type, then `end`. */
function skipConstant(reader: ByteReader, what: string): void {
  const code = readByte(reader);
  if (code === 0x41) skipSigned(reader, 5);
  else if (code === 0x42) skipSigned(reader, 10);
  else if (code === 0x43) skip(reader, 4);
  else if (code === 0x44) skip(reader, 8);
  else if (code === 0xfd && readU32(reader) === 0x0c) skip(reader, 16);
  else refuse(`${what}: first value`, 'a constant', `instruction ${hex(code)}`);
  endOf(reader, what);
}

function endOf(reader: ByteReader, what: string): void {
  const end = readByte(reader);
  if (end !== 0x0b) refuse(`${what}: first value`, 'one constant', `more after it (${hex(end)})`);
}

/** The place of a segment. Places that depend on globals are for code that is linked when it is loaded. */
function readPlace(reader: ByteReader, what: string): number {
  const code = readByte(reader);
  if (code !== 0x41) refuse(`${what}: place`, 'a constant i32', `instruction ${hex(code)}`);
  const place = readS32(reader);
  endOf(reader, what);
  return place >>> 0;
}

/** Numbers of the functions that the host calls. */
export interface Entries {
  run: number;
  /** Absent where the module exports none. */
  initialize?: number;
}

/** That there is a memory, and which functions the host calls. @throws {ReckonError} GUEST_MODULE_INVALID */
export function readExports(reader: ByteReader, functions: readonly FunctionType[]): Entries {
  const count = atMost('exports', GUEST_LIMITS.exports, readU32(reader));
  const found = new Map<string, Export>();
  for (let i = 0; i < count; i++) {
    const name = readName(reader);
    const kind = readByte(reader);
    if (kind > 3) refuse(`export ${quoted(name)}`, 'a function, table, memory or global', `kind ${hex(kind)}`);
    found.set(name, { kind, index: readU32(reader) });
  }
  if (found.get('memory')?.kind !== 2) refuse('exports', 'its memory as "memory"', namesOf(found));
  const run = found.get('run');
  if (run === undefined) return refuse('exports', `the function "run" ${RUN_TYPE}`, namesOf(found));
  if (found.has('_start')) {
    const remedy =
      'Build a library rather than a command: clang -nostartfiles or -mexec-model=reactor, asc --exportStart _initialize.';
    refuse('export "_start"', 'left out, or named "_initialize"', 'there', remedy);
  }
  const initialize = found.get(INITIALIZE);
  return {
    run: entryOf('run', run, RUN_TYPE, functions),
    ...(initialize && { initialize: entryOf(INITIALIZE, initialize, INITIALIZE_TYPE, functions) }),
  };
}

interface Export {
  kind: number;
  index: number;
}

/** Number of an exported function, which must have the type. */
function entryOf(name: string, { kind, index }: Export, expected: string, functions: readonly FunctionType[]): number {
  const what = `export ${quoted(name)}`;
  if (kind !== 0) return refuse(what, `the function ${expected}`, ['', 'a table', 'a memory', 'a global'][kind] ?? '');
  const type = functions[index] ?? refuse(what, 'the number of a function', String(index));
  const received = typeName(type.params, type.results);
  return received === expected ? index : refuse(what, expected, received);
}

const namesOf = (found: ReadonlyMap<string, unknown>): string =>
  [...found.keys()].slice(0, 8).map(quoted).join(', ') || 'none';

/** @throws {ReckonError} GUEST_MODULE_INVALID */
export function readElements(reader: ByteReader): void {
  const count = atMost('element segments', GUEST_LIMITS.elementSegments, readU32(reader));
  let entries = 0;
  for (let i = 0; i < count; i++) {
    const what = `element segment ${i}`;
    const flags = readU32(reader);
    if (flags > 3) refuse(what, 'a list of function numbers', `form ${flags}`);
    if (flags === 2 && readU32(reader) !== 0) refuse(what, 'the one table', 'another');
    if (flags % 2 === 0) readPlace(reader, what);
    if (flags !== 0 && readByte(reader) !== 0) refuse(what, 'functions', 'something else');
    const length = readU32(reader);
    entries = atMost('entries of element segments', GUEST_LIMITS.tableEntries, entries + length);
    for (let entry = 0; entry < length; entry++) readU32(reader);
  }
}

/** @throws {ReckonError} GUEST_MODULE_INVALID for what is no segment, or lies outside of the memory as it begins. */
export function readData(reader: ByteReader, memory: MemorySize): void {
  const count = atMost('data segments', GUEST_LIMITS.dataSegments, readU32(reader));
  const size = memory.least * PAGE_BYTES;
  for (let i = 0; i < count; i++) {
    const what = `data segment ${i}`;
    const flags = readU32(reader);
    if (flags > 2) refuse(what, 'bytes with a place or without', `form ${flags}`);
    if (flags === 2 && readU32(reader) !== 0) refuse(what, 'the one memory', 'another');
    const place = flags === 1 ? 0 : readPlace(reader, what);
    const { length } = readVector(reader);
    if (flags === 1 || place + length <= size) continue;
    refuse(what, `a place within the first ${size} bytes of memory`, `bytes ${place} to ${place + length}`);
  }
}
