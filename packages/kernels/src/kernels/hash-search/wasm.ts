import { fromHex } from '@reckon/protocol/base/bytes';
import { base64 } from '../../wasm/hash-search.wasm.ts';
import { instantiate, type WasmExports } from '../../wasm/instantiate.ts';
import { type Found, MAX_LISTED } from './layout.ts';
import type { CounterRange } from './params.ts';

interface Exports {
  /** Addresses of the 128 bytes of input, of the hits, and of the witness: its counter as u64, then its word as u32. */
  inputAt(): number;
  hitsAt(): number;
  witnessAt(): number;
  /** Returns how many hits there are, of which the first `room` are written. */
  search(first: bigint, count: number, at: number, room: number): number;
}
export type Searcher = WasmExports<Exports>;

let loaded: Promise<Searcher> | undefined;
export const loadSearcher = (): Promise<Searcher> => {
  loaded ??= instantiate<Exports>(base64);
  return loaded;
};

/** Block, mask and target of a unit, as the WASM reads them. */
export interface SearchInput {
  bytes: Uint8Array;
  /** Where the counter stands in the block: behind the prefix. */
  at: number;
}

/** The one block of FIPS 180-4, 5.1.1: message, a set bit, zeros, the message's length in bits as a big-endian u64. */
export function searchInput(range: Pick<CounterRange, 'prefix' | 'mask' | 'target'>): SearchInput {
  const prefix = fromHex(range.prefix);
  const bytes = new Uint8Array(128);
  const view = new DataView(bytes.buffer);
  bytes.set(prefix);
  bytes[prefix.length + 8] = 0x80;
  view.setUint32(60, (prefix.length + 8) * 8);
  writeWords(view, 64, fromHex(range.mask));
  writeWords(view, 96, fromHex(range.target));
  return { bytes, at: prefix.length };
}

/** A digest's bytes as eight words in the machine's order. */
function writeWords(view: DataView, at: number, digest: Uint8Array): void {
  const from = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  for (let i = 0; i < 32; i += 4) view.setUint32(at + i, from.getUint32(i), true);
}

/** Witness and hits of `count` counters from `first` on, 1 to 2³⁰; no more than `room` of the hits listed, 128 at most. */
export function searchOnWasm(
  wasm: Searcher,
  { bytes, at }: SearchInput,
  first: bigint,
  count: number,
  room = MAX_LISTED,
): Found {
  // Another run of this worker may have written its own in between.
  new Uint8Array(wasm.memory.buffer, wasm.inputAt(), bytes.length).set(bytes);
  const total = wasm.search(first, count, at, room);
  const listed = [...new BigUint64Array(wasm.memory.buffer, wasm.hitsAt(), Math.min(total, room))];
  const view = new DataView(wasm.memory.buffer, wasm.witnessAt(), 12);
  return { total, listed, witness: { counter: view.getBigUint64(0, true), word: view.getUint32(8, true) } };
}
