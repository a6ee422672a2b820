import { type ByteReader, readByte, readerOf, readU32 } from './byte-reader.ts';
import { type ByteWriter, createWriter, putBytes, putU32, u32Bytes, written } from './byte-writer.ts';
import { valueTypeName } from './abi.ts';
import { canonicalise, SCRATCH_TYPE } from './canonical-nan.ts';
import { GUEST_LIMITS } from './limits.ts';
import { createNanTracker, type NanSite } from './nan-sites.ts';
import { readOpcode, skipImmediate } from './read-instruction.ts';
import { atMost, hex, refuse } from './refuse.ts';

const END = 0x0b;
const MEMORY_GROW = 0x40;
const OPENS_BLOCK = new Set([0x02, 0x03, 0x04]);

export interface RewrittenBody {
  bytes: Uint8Array;
  /** Places where a NaN is looked for. */
  nanSites: number;
}

/**
 * Checks one function body and writes it again: NaNs made canonical, and `memory.grow` replaced by a call.
 * @param params parameters of the function, which are its first local variables.
 * @param growFunction number of the function to call instead of `memory.grow`.
 * @throws {ReckonError} GUEST_MODULE_INVALID
 */
export function rewriteBody(body: Uint8Array, what: string, params: number, growFunction: number): RewrittenBody {
  atMost(`${what}: bytes of its body`, GUEST_LIMITS.bodyBytes, body.length);
  const reader = readerOf(body, what);
  const { groups, locals } = readLocals(reader);
  const from = reader.at;
  const { grows, sites } = scan(reader);
  // The scratch variables come after the function's own, one for each type that is needed.
  const scratch = [...new Set(sites.map(({ shape }) => SCRATCH_TYPE[shape]))];
  const codes = new Map<NanSite['shape'], number[]>();
  for (const { shape } of sites) {
    const local = params + locals + scratch.indexOf(SCRATCH_TYPE[shape]);
    if (!codes.has(shape)) codes.set(shape, canonicalise(shape, local));
  }
  const out = createWriter(body.length + 32 + sites.length * 32);
  putU32(out, groups.count + scratch.length);
  putBytes(out, body.subarray(groups.from, groups.to));
  for (const type of scratch) putBytes(out, [1, type]);
  const insertions = [
    ...sites.map(({ at, shape }) => ({ at, resume: at, code: codes.get(shape) ?? [] })),
    ...grows.map((at) => ({ at, resume: at + 2, code: [0x10, ...u32Bytes(growFunction)] })),
  ];
  // Both lists are in order; growing memory is rare.
  if (grows.length > 0) insertions.sort((a, b) => a.at - b.at);
  copyWith(out, body, from, insertions);
  return { bytes: written(out), nanSites: sites.length };
}

function copyWith(
  out: ByteWriter,
  body: Uint8Array,
  from: number,
  insertions: readonly { at: number; resume: number; code: readonly number[] }[],
): void {
  let at = from;
  for (const insertion of insertions) {
    putBytes(out, body.subarray(at, insertion.at));
    putBytes(out, insertion.code);
    at = insertion.resume;
  }
  putBytes(out, body.subarray(at));
}

function readLocals(reader: ByteReader): { groups: { count: number; from: number; to: number }; locals: number } {
  const count = readU32(reader);
  const from = reader.at;
  let locals = 0;
  for (let i = 0; i < count; i++) {
    locals = atMost(`${reader.what}: local variables`, GUEST_LIMITS.locals, locals + readU32(reader));
    const type = readByte(reader);
    if (valueTypeName(type) === undefined) refuse(`${reader.what}: a local variable`, 'a number type', hex(type));
  }
  return { groups: { count, from, to: reader.at }, locals };
}

/** Reads all instructions: where memory grows, and where NaNs must be looked after. */
function scan(reader: ByteReader): { grows: number[]; sites: NanSite[] } {
  const grows: number[] = [];
  const tracker = createNanTracker();
  // The body itself is the outermost block.
  let depth = 1;
  while (reader.at < reader.end) {
    if (depth === 0) refuse(reader.what, 'nothing after its last end', `${reader.end - reader.at} more bytes`);
    const at = reader.at;
    const { code, instruction } = readOpcode(reader);
    skipImmediate(reader, instruction.immediate);
    if (OPENS_BLOCK.has(code)) depth = atMost(`${reader.what}: nested blocks`, GUEST_LIMITS.nesting, depth + 1);
    if (code === END) depth--;
    if (code === MEMORY_GROW) grows.push(at);
    tracker.step(instruction, reader.at);
  }
  if (depth !== 0) refuse(reader.what, 'an end for each of its blocks', `${depth} open ones`);
  return { grows, sites: tracker.finish() };
}
