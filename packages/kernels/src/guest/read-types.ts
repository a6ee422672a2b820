import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { attempt } from '../params.ts';
import { ABI_IMPORTS, ABI_MODULE, typeName, valueTypeName } from './abi.ts';
import { type ByteReader, readByte, readU32, readVector } from './byte-reader.ts';
import { GUEST_LIMITS } from './limits.ts';
import { atMost, hex, refuse } from './refuse.ts';

export interface FunctionType {
  params: readonly number[];
  results: readonly number[];
}

const FUNCTION_TYPE = 0x60;

/** @throws {ReckonError} GUEST_MODULE_INVALID */
export function readFunctionTypes(reader: ByteReader): FunctionType[] {
  const count = atMost('types', GUEST_LIMITS.types, readU32(reader));
  return Array.from({ length: count }, (_, i) => {
    const form = readByte(reader);
    if (form !== FUNCTION_TYPE) refuse(`type ${i}`, 'a function of numbers', `form ${hex(form)}`);
    return {
      params: readValueTypes(reader, `type ${i}: parameters`, GUEST_LIMITS.params),
      results: readValueTypes(reader, `type ${i}: results`, GUEST_LIMITS.results),
    };
  });
}

function readValueTypes(reader: ByteReader, what: string, limit: number): number[] {
  const count = atMost(what, limit, readU32(reader));
  return Array.from({ length: count }, () => readValueType(reader, what));
}

export function readValueType(reader: ByteReader, what: string): number {
  const type = readByte(reader);
  return valueTypeName(type) === undefined ? refuse(what, 'i32, i64, f32, f64 or v128', `type ${hex(type)}`) : type;
}

export const readName = (reader: ByteReader): string => {
  const bytes = readVector(reader);
  return attempt(() => fromUtf8(bytes)) ?? refuse(reader.what, 'names in UTF-8', 'other bytes');
};

export const quoted = (name: string): string => `"${name.slice(0, 60)}"`;

/** What to do about imports that compilers add by themselves. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['env.abort', 'AssemblyScript: add --use abort= to make it a trap.'],
  ['env.seed', 'There are no random numbers here: draw them by a formula of your own, from unit_index.'],
  ['env.trace', 'There is no console here: leave trace out.'],
  ['env.console.log', 'There is no console here: leave console.log out.'],
]);

/** The types of the imported functions, all of them of the ABI. @throws {ReckonError} GUEST_MODULE_INVALID */
export function readImports(reader: ByteReader, types: readonly FunctionType[]): FunctionType[] {
  const count = atMost('imports', GUEST_LIMITS.imports, readU32(reader));
  return Array.from({ length: count }, () => {
    const [from, name] = [readName(reader), readName(reader)];
    const kind = readByte(reader);
    const spelled = `${from}.${name}`.slice(0, 60);
    const expected = from === ABI_MODULE && Object.hasOwn(ABI_IMPORTS, name) ? ABI_IMPORTS[name] : undefined;
    if (expected === undefined) {
      const known = Object.keys(ABI_IMPORTS).join(', ');
      const offered = `one that is offered, which are only functions of "${ABI_MODULE}": ${known}`;
      return refuse(`import ${spelled}`, offered, 'another', REMEDIES.get(spelled));
    }
    if (kind !== 0) return refuse(`import ${spelled}`, `the function ${expected}`, importKind(kind));
    const type = typeAt(types, readU32(reader), `import ${spelled}`);
    const received = typeName(type.params, type.results);
    return received === expected ? type : refuse(`import ${spelled}`, expected, received);
  });
}

const importKind = (kind: number): string =>
  ['a function', 'a table', 'a memory', 'a global'][kind] ?? `kind ${hex(kind)}`;

export function typeAt(types: readonly FunctionType[], index: number, what: string): FunctionType {
  return types[index] ?? refuse(what, 'the number of a type', String(index));
}
