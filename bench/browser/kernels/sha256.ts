import { loadSearcher, searchInput, searchOnWasm } from '@reckon/kernels/kernels/hash-search/wasm';
import { createSHA256 } from 'hash-wasm';
import type { Candidate } from './candidate.ts';

/** Messages of 43 bytes and a counter of 8: one block each. */
const PREFIX = `0x${'ab'.repeat(43)}`;
const NOTHING = { mask: `0x${'ff'.repeat(32)}`, target: `0x${'00'.repeat(32)}` };

/** Ours: a search in which no message matches, with its witness. */
export async function search(count: number): Promise<Candidate> {
  const wasm = await loadSearcher();
  const input = searchInput({ prefix: PREFIX, ...NOTHING });
  let witness = 0;
  return {
    name: 'ours',
    work: count,
    run() {
      witness = searchOnWasm(wasm, input, 0n, count).witness.word;
    },
    result: () => Int32Array.of(witness | 0),
    dispose: () => undefined,
  };
}

/** hash-wasm on the same messages, one call each; it looks for the lowest first word as well, which costs it next to nothing. */
export async function hashWasm(count: number): Promise<Candidate> {
  const hasher = await createSHA256();
  const message = new Uint8Array(51).fill(0xab);
  const view = new DataView(message.buffer);
  let lowest = 0;
  return {
    name: 'hashWasm',
    work: count,
    run() {
      lowest = 0xffffffff;
      for (let counter = 0; counter < count; counter++) {
        view.setUint32(43, 0);
        view.setUint32(47, counter);
        const digest = hasher.init().update(message).digest('binary');
        const word =
          (((digest[0] as number) << 24) |
            ((digest[1] as number) << 16) |
            ((digest[2] as number) << 8) |
            (digest[3] as number)) >>>
          0;
        if (word < lowest) lowest = word;
      }
    },
    result: () => Int32Array.of(lowest | 0),
    dispose: () => undefined,
  };
}
