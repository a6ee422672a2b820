import type { CounterRange } from './params.ts';

/**
 * A result is a list of chunks. A chunk is a u32, how many hits its counters have, then the lowest of them, at most
 * `MAX_LISTED`, as u64 in rising order; all little-endian. A number above that says that there were more than are listed.
 */
export const MAX_LISTED = 128;
/** Chunks of a unit at most. */
const CHUNKS = 256;
/** Counters that the WASM tries at once. */
const LANES = 4;

/** The hits among some counters. */
export interface Hits {
  /** All there are. */
  total: number;
  /** The lowest `MAX_LISTED` of them, rising. */
  listed: readonly bigint[];
}

/** Counters in every chunk but the last, of a unit of `count`: whole fours. */
export const chunkSize = (count: number): number => LANES * Math.ceil(count / (CHUNKS * LANES));
export const chunkCount = ({ count }: Pick<CounterRange, 'count'>): number => Math.ceil(count / chunkSize(count));

/** First counter of a chunk and how many it has. */
export function chunkAt({ from, count }: CounterRange, index: number): { first: bigint; count: number } {
  const size = chunkSize(count);
  return { first: BigInt(from) + BigInt(index * size), count: Math.min(size, count - index * size) };
}

export function encodeHits({ total, listed }: Hits): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 + 8 * listed.length));
  view.setUint32(0, total, true);
  listed.forEach((counter, i) => view.setBigUint64(4 + 8 * i, counter, true));
  return new Uint8Array(view.buffer);
}

/** The chunks' bytes, or undefined when they do not end where the result does. */
export function cutChunks(range: CounterRange, result: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(result.buffer, result.byteOffset, result.byteLength);
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = chunkCount(range); i > 0; i--) {
    if (at + 4 > result.length) return undefined;
    const end = at + 4 + 8 * Math.min(MAX_LISTED, view.getUint32(at, true));
    if (end > result.length) return undefined;
    chunks.push(result.subarray(at, end));
    at = end;
  }
  return at === result.length ? chunks : undefined;
}

/** The hits of one chunk's bytes as `cutChunks` gives them. */
export function decodeHits(chunk: Uint8Array): Hits {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const listed = Array.from({ length: (chunk.length - 4) / 8 }, (_, i) => view.getBigUint64(4 + 8 * i, true));
  return { total: view.getUint32(0, true), listed };
}
