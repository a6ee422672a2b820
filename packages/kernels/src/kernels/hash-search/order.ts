import { fromHex, toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import * as v from 'valibot';
import { declaredNumber, parseParams } from '../../params.ts';
import { hashSearchManifest } from './manifest.ts';
import { chunkSize, MAX_LISTED } from './layout.ts';
import { checkSearch, Counter, MAX_PREFIX_BYTES, refusal, type Search } from './params.ts';
import { leadingBits, patternBits } from './pattern.ts';

/** Hits expected of a job at most: some 16 MB of hits.json. */
const MAX_EXPECTED = 65_536;
const NONE = `0x${'00'.repeat(32)}`;
const ALL = `0x${'ff'.repeat(32)}`;

const Bits = v.pipe(v.string(), v.regex(/^(|0x[0-9a-fA-F]{64})$/, 'nothing, or 0x and 64 hex digits'), v.toLowerCase());

/** Text with the default that the manifest declares. */
const declaredText = (name: string, schema: v.GenericSchema<string>) =>
  v.optional(schema, hashSearchManifest.params.find((param) => param.name === name)?.default as string);

const Order = v.strictObject({
  prefix: declaredText('prefix', v.pipe(v.string(), v.maxLength(2 + 2 * MAX_PREFIX_BYTES))),
  zeroBits: declaredNumber(hashSearchManifest, 'zeroBits'),
  mask: declaredText('mask', Bits),
  target: declaredText('target', Bits),
  from: declaredText('from', Counter),
  to: declaredText('to', Counter),
  perUnit: declaredNumber(hashSearchManifest, 'perUnit'),
});

/** What the requester asks for, as bytes and bounds. @throws {ReckonError} KERNEL_PARAMS_INVALID */
export function readOrder(params: unknown): Search {
  const order = parseParams(hashSearchManifest, Order, params);
  const { from, to, perUnit } = order;
  const search = { prefix: toHex(readPrefix(order.prefix)), ...readBits(order), from, to, perUnit };
  checkSearch(search);
  checkExpected(search);
  return search;
}

function readPrefix(text: string): Uint8Array {
  const isHex = text.startsWith('0x');
  if (isHex && !/^0x([0-9a-fA-F]{2})*$/.test(text)) throw refusal('prefix', 'pairs of hex digits after 0x', text);
  // Half of a character would be written as another one.
  if (!text.isWellFormed()) throw refusal('prefix', 'whole characters', JSON.stringify(text));
  const bytes = isHex ? fromHex(text) : toUtf8(text);
  if (bytes.length <= MAX_PREFIX_BYTES) return bytes;
  throw refusal('prefix', `at most ${MAX_PREFIX_BYTES} bytes`, `${bytes.length}`);
}

/** One pattern of the zero bits and of mask and target. */
function readBits(order: v.InferOutput<typeof Order>): { mask: string; target: string } {
  const target = order.target || NONE;
  const mask = fromHex(order.mask || (order.target ? ALL : NONE));
  const zeros = leadingBits(order.zeroBits);
  if (fromHex(target).some((byte, i) => (byte & (zeros[i] as number)) !== 0)) {
    throw refusal('zeroBits', 'no more zero bits than the target begins with', `${order.zeroBits}`);
  }
  return { mask: toHex(mask.map((byte, i) => byte | (zeros[i] as number))), target };
}

/** A chunk lists so many hits; a quarter of that on average leaves room for chance. */
function checkExpected({ mask, from, to, perUnit }: Search): void {
  const total = Number(BigInt(to) - BigInt(from));
  const bits = patternBits({ mask: fromHex(mask) });
  const perChunk = chunkSize(Math.min(perUnit, total)) / 2 ** bits;
  if (perChunk > MAX_LISTED / 4) {
    const expected = `units with about ${MAX_LISTED / 4} hits a chunk at most, with so few bits of the digest`;
    throw refusal('perUnit', expected, `${perUnit}, which gives about ${Math.round(perChunk)}`);
  }
  const hits = total / 2 ** bits;
  if (hits > MAX_EXPECTED) {
    throw refusal('to', `a range of about ${MAX_EXPECTED} hits at most`, `${Math.round(hits)} hits expected`);
  }
}
