import { type ByteReader, readByte, readerOf, readU32, readVector, skip } from './byte-reader.ts';
import { readName } from './read-types.ts';
import { hex, refuse } from './refuse.ts';

/** Section numbers by name. Source: https://webassembly.github.io/spec/core/binary/modules.html */
export const SECTION = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
} as const;

type SectionName = keyof typeof SECTION;

/** The order sections must come in. */
const ORDER: readonly SectionName[] = [
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'dataCount',
  'code',
  'data',
];
const CUSTOM = 0;
export const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** The contents of a module's sections; views. */
export type Sections = ReadonlyMap<SectionName, Uint8Array>;

/** Cuts a module into its sections, leaving custom ones out. @throws {ReckonError} GUEST_MODULE_INVALID */
export function readSections(bytes: Uint8Array): Sections {
  if (HEADER.some((byte, i) => bytes[i] !== byte)) {
    refuse(
      'the module',
      'a file that begins like WebAssembly 1.0',
      [...bytes.subarray(0, 8)].map(hex).join(' ') || 'no bytes',
    );
  }
  const reader = readerOf(bytes, 'the module', HEADER.length);
  const sections = new Map<SectionName, Uint8Array>();
  let last = -1;
  while (reader.at < reader.end) {
    const id = readByte(reader);
    const length = readU32(reader);
    const from = reader.at;
    skip(reader, length);
    if (id === CUSTOM) {
      readName(readerOf(bytes, 'a custom section', from, reader.at));
      continue;
    }
    const place = ORDER.findIndex((name) => SECTION[name] === id);
    const name = ORDER[place];
    if (name === undefined) return refuse('sections', 'those of WebAssembly 1.0 and a data count', `section ${id}`);
    if (name === 'start') {
      const remedy =
        'Compilers add one to set variables: AssemblyScript exports it instead with --exportStart _initialize.';
      return refuse('the start function', 'none, or exported as "_initialize"', 'one that runs by itself', remedy);
    }
    if (place <= last)
      return refuse('sections', 'each at most once and in order', `the ${name} section after a later one`);
    last = place;
    sections.set(name, bytes.subarray(from, reader.at));
  }
  return sections;
}

/** Reads a section to its end, or gives `without` where the module has none. @throws {ReckonError} GUEST_MODULE_INVALID */
export function readSection<T>(sections: Sections, name: SectionName, take: (reader: ByteReader) => T, without: T): T {
  const bytes = sections.get(name);
  if (bytes === undefined) return without;
  const reader = readerOf(bytes, `the ${name} section`);
  const value = take(reader);
  if (reader.at === reader.end) return value;
  return refuse(reader.what, 'nothing after its last entry', `${reader.end - reader.at} more bytes`);
}

/** A section's entries without their count in front. */
export function entriesOf(sections: Sections, name: SectionName): Uint8Array {
  const bytes = sections.get(name);
  if (bytes === undefined) return new Uint8Array();
  const reader = readerOf(bytes, name);
  readU32(reader);
  return bytes.subarray(reader.at);
}

/** The bodies of the code section; views. */
export function readBodies(reader: ByteReader, expected: number): Uint8Array[] {
  const count = readU32(reader);
  if (count !== expected) refuse('function bodies', `${expected}, one for each function`, String(count));
  return Array.from({ length: count }, () => readVector(reader));
}
