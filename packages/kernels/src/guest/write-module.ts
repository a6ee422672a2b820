import { toUtf8 } from '@reckon/protocol/base/bytes';
import { GROW_FAILED, INITIALIZE } from './abi.ts';
import { createWriter, putBytes, putU32, putVector, u32Bytes, written } from './byte-writer.ts';
import type { Entries, MemorySize } from './read-parts.ts';
import { entriesOf, HEADER, SECTION, type Sections } from './read-sections.ts';

/** What was read of a module, and the bodies that were written again. */
export interface ModuleParts {
  sections: Sections;
  types: number;
  imports: number;
  functions: number;
  globals: number;
  memory: MemorySize;
  entries: Entries;
  bodies: readonly Uint8Array[];
}

const I32 = 0x7f;
const FUNCTION = 0;
const MEMORY = 2;
const GLOBAL = 3;

/** `(delta) -> i32`, the type of the function that stands for memory.grow. */
const GROW_TYPE = [0x60, 1, I32, 1, I32];
/** A mutable i32 that begins as 0. */
const GROW_GLOBAL = [I32, 1, 0x41, 0, 0x0b];

/**
 * Stands for `memory.grow`, which may fail because the machine has no memory left: then the run ends, and `GROW_FAILED` says
 * why. So the program sees a failure only where every machine gives one, above its declared maximum.
 */
function growBody({ memory }: ModuleParts, flag: number): number[] {
  const most = signed(memory.most);
  return [
    ...[1, 1, I32], // one local variable: what memory.grow said
    ...[0x20, 0, 0x40, 0, 0x22, 1, 0x41, 0x7f, 0x46], // (result = memory.grow(delta)) == -1
    ...[0x04, 0x40], // if
    ...[0x20, 0, 0x41, ...most, 0x3f, 0, 0x6b, 0x4d], // delta <= most - memory.size, unsigned
    ...[0x04, 0x40, 0x41, 1, 0x24, ...u32Bytes(flag), 0x00, 0x0b], // if: flag = 1; unreachable; end
    ...[0x0b, 0x20, 1, 0x0b], // end; result
  ];
}

/** A whole number that is not negative, as the signed LEB128 of a constant. */
function signed(value: number): number[] {
  const bytes = u32Bytes(value);
  const last = bytes.at(-1) as number;
  return (last & 0x40) === 0 ? bytes : [...bytes.slice(0, -1), last | 0x80, 0];
}

/** Writes the module that devices run. What is added comes last, so that no number of the program changes. */
export function writeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { sections, memory, bodies } = parts;
  const { run, initialize } = parts.entries;
  const own = parts.functions - parts.imports;
  const out = createWriter(1 << 16);
  const put = (name: keyof typeof SECTION, count: number, ...entries: ArrayLike<number>[]) => {
    const section = createWriter();
    putU32(section, count);
    for (const entry of entries) putBytes(section, entry);
    putBytes(out, [SECTION[name]]);
    putVector(out, written(section));
  };
  const entries = (name: keyof typeof SECTION) => entriesOf(sections, name);
  /** As it was. */
  const keep = (name: keyof typeof SECTION) => {
    const bytes = sections.get(name);
    if (bytes === undefined) return;
    putBytes(out, [SECTION[name]]);
    putVector(out, bytes);
  };
  putBytes(out, HEADER);
  put('type', parts.types + 1, entries('type'), GROW_TYPE);
  keep('import');
  put('function', own + 1, entries('function'), u32Bytes(parts.types));
  keep('table');
  put('memory', 1, [1, ...u32Bytes(memory.least), ...u32Bytes(memory.most)]);
  put('global', parts.globals + 1, entries('global'), GROW_GLOBAL);
  put(
    'export',
    initialize === undefined ? 3 : 4,
    exported('memory', MEMORY, 0),
    exported('run', FUNCTION, run),
    ...(initialize === undefined ? [] : [exported(INITIALIZE, FUNCTION, initialize)]),
    exported(GROW_FAILED, GLOBAL, parts.globals),
  );
  keep('element');
  keep('dataCount');
  put(
    'code',
    own + 1,
    ...[...bodies, Uint8Array.from(growBody(parts, parts.globals))].flatMap((body) => [u32Bytes(body.length), body]),
  );
  keep('data');
  return written(out).slice();
}

function exported(name: string, kind: number, index: number): number[] {
  const text = toUtf8(name);
  return [...u32Bytes(text.length), ...text, kind, ...u32Bytes(index)];
}
