import { fromHex, toHex } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import { chunkAt, cutChunks, decodeChunk } from './layout.ts';
import { type CounterRange, rangesOf, type Search } from './params.ts';
import { messageOf } from './reference.ts';

/** Counters `from` to `to` − 1, as decimal digits, since JSON's numbers end at 2⁵³. */
interface Span {
  from: string;
  to: string;
}

/** hits.json: what was searched, what was found, and what is not known. */
interface HitsFile extends Omit<Search, 'perUnit'> {
  /** Units without a result. */
  missing: Span[];
  /** Where there are more hits than are listed below. */
  cutShort: (Span & { hits: number; listed: number })[];
  hits: { counter: string; message: string; digest: string }[];
}

/** Puts the hits of a stage's units together, in the counters' order. */
export function hitsFile(search: Search, results: readonly (Uint8Array | undefined)[]): HitsFile {
  const { perUnit: _, ...searched } = search;
  const file: HitsFile = { ...searched, missing: [], cutShort: [], hits: [] };
  const prefix = fromHex(search.prefix);
  rangesOf(search).forEach((range, unit) => {
    const result = results[unit];
    const chunks = result && cutChunks(range, result);
    if (chunks === undefined) file.missing.push(spanOf(BigInt(range.from), range.count));
    else chunks.forEach((chunk, i) => addChunk(file, prefix, range, chunk, i));
  });
  return file;
}

function addChunk(file: HitsFile, prefix: Uint8Array, range: CounterRange, chunk: Uint8Array, index: number): void {
  const { total, listed } = decodeChunk(chunk);
  for (const counter of listed) {
    const message = messageOf(prefix, counter);
    file.hits.push({ counter: `${counter}`, message: toHex(message), digest: toHex(sha256(message)) });
  }
  if (total === listed.length) return;
  const { first, count } = chunkAt(range, index);
  file.cutShort.push({ ...spanOf(first, count), hits: total, listed: listed.length });
}

const spanOf = (first: bigint, count: number): Span => ({ from: `${first}`, to: `${first + BigInt(count)}` });
