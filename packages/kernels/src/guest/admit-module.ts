import type { ByteReader } from './byte-reader.ts';
import { readU32 } from './byte-reader.ts';
import { GUEST_LIMITS } from './limits.ts';
import {
  type Entries,
  type MemorySize,
  readData,
  readElements,
  readExports,
  readGlobals,
  readMemory,
  readTables,
} from './read-parts.ts';
import { readBodies, readSection, readSections } from './read-sections.ts';
import { type FunctionType, readFunctionTypes, readImports, typeAt } from './read-types.ts';
import { atMost, refuse } from './refuse.ts';
import { rewriteBody } from './rewrite-body.ts';
import { writeModule } from './write-module.ts';

/** A stranger's module, checked and written again. */
export interface AdmittedModule {
  /** What runs: the same program with one NaN, with a `memory.grow` that cannot fail by chance, without names. */
  bytes: Uint8Array<ArrayBuffer>;
  memory: MemorySize;
  /** Float instructions after which a NaN is looked for. */
  nanSites: number;
}

/**
 * Checks a requester's module against all that docs/kernels.md promises, and writes the program that devices run. Only what
 * was read here is written, so an engine cannot find anything in it that was not checked.
 * @throws {ReckonError} GUEST_MODULE_INVALID naming what is wrong.
 */
export function admitModule(bytes: Uint8Array): AdmittedModule {
  if (bytes.length > GUEST_LIMITS.moduleBytes) {
    refuse('the module', `at most ${GUEST_LIMITS.moduleBytes} bytes`, `${bytes.length} bytes`);
  }
  const sections = readSections(bytes);
  const types = readSection(sections, 'type', readFunctionTypes, []);
  const imports = readSection(sections, 'import', (reader) => readImports(reader, types), []);
  const own = readSection(sections, 'function', (reader) => readDeclarations(reader, types), []);
  const functions = [...imports, ...own];
  readSection(sections, 'table', readTables, undefined);
  const memory = readSection<MemorySize | undefined>(sections, 'memory', readMemory, undefined);
  if (memory === undefined) return refuse('memories', 'exactly one, exported as "memory"', '0');
  const globals = readSection(sections, 'global', readGlobals, 0);
  const exported = readSection<Entries | undefined>(
    sections,
    'export',
    (reader) => readExports(reader, functions),
    undefined,
  );
  if (exported === undefined) return refuse('exports', '"memory" and "run"', 'none');
  readSection(sections, 'element', readElements, undefined);
  readSection(sections, 'dataCount', readU32, 0);
  const bodies = readSection<Uint8Array[]>(sections, 'code', (reader) => readBodies(reader, own.length), []);
  readSection(sections, 'data', (reader) => readData(reader, memory), undefined);

  const grow = functions.length;
  let rewrittenBytes = 0;
  const rewritten = bodies.map((body, i) => {
    const what = `function ${imports.length + i}`;
    const next = rewriteBody(body, what, (own[i] as FunctionType).params.length, grow);
    rewrittenBytes = atMost(
      'bytes of code, with what is added after float instructions',
      GUEST_LIMITS.rewrittenBytes,
      rewrittenBytes + next.bytes.length,
    );
    return next;
  });
  // Types on the stack, numbers of things, alignment: what an engine checks while it reads.
  if (!WebAssembly.validate(bytes.slice())) refuse('the module', 'a valid program', 'one that WebAssembly refuses');
  return {
    bytes: writeModule({
      sections,
      types: types.length,
      imports: imports.length,
      functions: functions.length,
      globals,
      memory,
      entries: exported,
      bodies: rewritten.map((body) => body.bytes),
    }),
    memory,
    nanSites: rewritten.reduce((sum, body) => sum + body.nanSites, 0),
  };
}

function readDeclarations(reader: ByteReader, types: readonly FunctionType[]): FunctionType[] {
  const count = atMost('functions', GUEST_LIMITS.functions, readU32(reader));
  return Array.from({ length: count }, (_, i) => typeAt(types, readU32(reader), `function ${i}`));
}
