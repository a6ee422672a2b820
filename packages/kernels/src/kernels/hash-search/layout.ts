import type { CounterRange } from './params.ts';

/**
 * A result is a list of chunks. A chunk is a u32, how many hits its counters have, the witness's word as u32 and its counter
 * as u64, then the lowest hits, at most `MAX_LISTED`, as u64 in rising order; all little-endian. A number of hits above
 * that says that there were more than are listed.
 */
export const MAX_LISTED = 128;
/** Chunks of a unit at most. */
const CHUNKS = 256;
/** Counters that the WASM tries at once. */
const LANES = 4;
/** Bytes of a chunk before its hits. */
export const HEAD_BYTES = 16;

/**
 * What only hashing all of some messages tells: which digest begins with the lowest word. Who tries a share q of them names
 * it with probability q.
 */
export interface Witness {
  /** Of digests that begin with the same word, the lowest counter's. */
  counter: bigint;
  /** The digest's first 32 bits as a big-endian u32. */
  word: number;
}

/** What a search of some counters, at least one, has found. */
export interface Found {
  /** All there are. */
  total: number;
  /** The lowest `MAX_LISTED` of them, rising. */
  listed: readonly bigint[];
  /** Of all messages, hits or not. */
  witness: Witness;
}

/** Counters in every chunk but the last, of a unit of `count`: whole fours. */
export const chunkSize = (count: number): number => LANES * Math.ceil(count / (CHUNKS * LANES));
export const chunkCount = ({ count }: Pick<CounterRange, 'count'>): number => Math.ceil(count / chunkSize(count));

/** First counter of a chunk and how many it has. */
export function chunkAt({ from, count }: CounterRange, index: number): { first: bigint; count: number } {
  const size = chunkSize(count);
  return { first: BigInt(from) + BigInt(index * size), count: Math.min(size, count - index * size) };
}

export function encodeChunk({ total, listed, witness }: Found): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEAD_BYTES + 8 * listed.length));
  view.setUint32(0, total, true);
  view.setUint32(4, witness.word, true);
  view.setBigUint64(8, witness.counter, true);
  listed.forEach((counter, i) => view.setBigUint64(HEAD_BYTES + 8 * i, counter, true));
  return new Uint8Array(view.buffer);
}

/** The chunks' bytes, or undefined when they do not end where the result does. */
export function cutChunks(range: CounterRange, result: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(result.buffer, result.byteOffset, result.byteLength);
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let i = chunkCount(range); i > 0; i--) {
    if (at + HEAD_BYTES > result.length) return undefined;
    const end = at + HEAD_BYTES + 8 * Math.min(MAX_LISTED, view.getUint32(at, true));
    if (end > result.length) return undefined;
    chunks.push(result.subarray(at, end));
    at = end;
  }
  return at === result.length ? chunks : undefined;
}

/** One chunk's bytes as `cutChunks` gives them. */
export function decodeChunk(chunk: Uint8Array): Found {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const listed = Array.from({ length: (chunk.length - HEAD_BYTES) / 8 }, (_, i) =>
    view.getBigUint64(HEAD_BYTES + 8 * i, true),
  );
  const witness = { counter: view.getBigUint64(8, true), word: view.getUint32(4, true) };
  return { total: view.getUint32(0, true), listed, witness };
}
