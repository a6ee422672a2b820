import type { Generator } from './params.ts';
import { philox4x32, type Words4 } from './philox.ts';
import { threefry4x32 } from './threefry.ts';

/** Which random words: path i takes words i · draws to (i + 1) · draws − 1, so any part can be had without the rest. */
export interface WordSource {
  generator: Generator;
  seed: number;
  stream: number;
}

/** Counter of the group of four that word `at` is in: its number in 64 bits, the stream, and 0. `at` below 2⁵³. */
export function counterOf({ stream }: WordSource, at: number): Words4 {
  const group = Math.floor(at / 4);
  return [group % 2 ** 32, Math.floor(group / 2 ** 32), stream, 0];
}

/** The seed in 64 bits, lower word first, then zeros. */
export const keyOf = ({ seed }: WordSource): Words4 => [seed % 2 ** 32, Math.floor(seed / 2 ** 32), 0, 0];

/** Gives the source's words one after another from word `first` on. */
export function wordsFrom(source: WordSource, first: number): () => number {
  const generate = source.generator === 'philox4x32-10' ? philox4x32 : threefry4x32;
  const key = keyOf(source);
  let at = first;
  let group = generate(counterOf(source, at), key);
  return () => {
    if (at % 4 === 0 && at !== first) group = generate(counterOf(source, at), key);
    return group[at++ % 4] as number;
  };
}
