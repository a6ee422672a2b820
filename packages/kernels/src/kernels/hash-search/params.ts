import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import { parseParamsJson, whole } from '../../params.ts';
import { checkUnitCount } from '../../plan.ts';
import { hashSearchManifest } from './manifest.ts';
import { patternBits, readPattern } from './pattern.ts';

/** Bytes of a prefix: with the counter's eight and the padding's nine, a message stays one block of 64. */
export const MAX_PREFIX_BYTES = 47;
/** Counters of a unit: 1 to 2 s of a laptop's core, and chunks small enough to be one call of the WASM each. */
const MAX_PER_UNIT = 16_777_216;
/** Counters are u64. */
const END = 2n ** 64n;
/** Fewer bits would be no search, but a list of nearly everything. */
const MIN_BITS = 8;

/** A u64, or 2⁶⁴ as the end of all, in decimal digits. */
export const Counter = v.pipe(
  v.string(),
  v.regex(/^(0|[1-9]\d{0,19})$/, 'a whole number in decimal digits'),
  v.check((text) => BigInt(text) <= END, 'at most 2⁶⁴'),
);
/** 32 bytes. */
const Bits = v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/, '0x and 64 lower-case hex digits'));

const message = {
  /** At most 47 bytes in hex. */
  prefix: v.pipe(v.string(), v.regex(/^0x([0-9a-f]{2}){0,47}$/, '0x and at most 94 lower-case hex digits')),
  mask: Bits,
  target: Bits,
  from: Counter,
};

const Search = v.strictObject({ ...message, to: Counter, perUnit: whole(1, MAX_PER_UNIT) });
/** A whole stage: counters `from` to `to` − 1, `perUnit` of them in a unit. */
export type Search = v.InferOutput<typeof Search>;

const CounterRange = v.strictObject({ ...message, count: whole(1, MAX_PER_UNIT) });
/** One work unit: `count` counters from `from` on. */
export type CounterRange = v.InferOutput<typeof CounterRange>;

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function readSearch(json: string): Search {
  const search = parseParamsJson(hashSearchManifest, Search, json);
  checkSearch(search);
  return search;
}

/** @throws {ReckonError} KERNEL_PARAMS_INVALID for an empty range, too many units, and what `checkPattern` refuses. */
export function checkSearch(search: Search): void {
  const { from, to, perUnit } = search;
  if (BigInt(from) >= BigInt(to)) throw refusal('to', `a counter after ${from}`, to);
  checkPattern(search);
  checkUnitCount(hashSearchManifest, 'perUnit', perUnit, Math.ceil(Number(BigInt(to) - BigInt(from)) / perUnit));
}

/** @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function readRange(json: string): CounterRange {
  const range = parseParamsJson(hashSearchManifest, CounterRange, json);
  checkPattern(range);
  if (BigInt(range.from) + BigInt(range.count) > END) throw refusal('count', 'counters below 2⁶⁴', `${range.count}`);
  return range;
}

/** @throws {ReckonError} KERNEL_PARAMS_INVALID for a target outside its mask and for a pattern that most digests match. */
function checkPattern(texts: { mask: string; target: string }): void {
  const { mask, target } = readPattern(texts);
  if (target.some((byte, i) => (byte & ~(mask[i] as number)) !== 0)) {
    throw refusal('target', 'no bit that the mask leaves out', texts.target);
  }
  const bits = patternBits({ mask });
  if (bits < MIN_BITS) throw refusal('mask', `at least ${MIN_BITS} bits, zeroBits counted`, `${bits}`);
}

/** A unit of each `perUnit` counters; the last may have fewer. */
export function rangesOf({ prefix, mask, target, from, to, perUnit }: Search): CounterRange[] {
  const ranges: CounterRange[] = [];
  for (let at = BigInt(from); at < BigInt(to); at += BigInt(perUnit)) {
    const rest = BigInt(to) - at;
    const count = rest < BigInt(perUnit) ? Number(rest) : perUnit;
    ranges.push({ prefix, mask, target, from: `${at}`, count });
  }
  return ranges;
}

export const refusal = (path: string, expected: string, received: string): ReckonError =>
  new ReckonError('KERNEL_PARAMS_INVALID', { kernel: kernelName(hashSearchManifest), path, expected, received });
