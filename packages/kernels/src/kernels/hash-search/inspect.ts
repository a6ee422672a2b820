import { chunkAt, cutChunks, decodeHits } from './layout.ts';
import type { CounterRange } from './params.ts';
import { hitTest } from './reference.ts';

/**
 * Why `result` is none of the unit's, or undefined. Every hit in it is hashed, at most 256 · 128 of them, so a false hit is
 * refused wherever a result is read. Hits that were left out are not seen here.
 */
export function refuseHits(range: CounterRange, result: Uint8Array): string | undefined {
  const chunks = cutChunks(range, result)?.map(decodeHits);
  if (chunks === undefined) return 'expected a number of hits and so many counters for each chunk';
  const isHit = hitTest(range);
  for (const [i, { total, listed }] of chunks.entries()) {
    const { first, count } = chunkAt(range, i);
    if (total > count) return `chunk ${i}: expected at most ${count} hits, got ${total}`;
    let least = first;
    for (const counter of listed) {
      if (counter < least || counter >= first + BigInt(count)) {
        return `chunk ${i}: expected rising counters from ${first} to ${first + BigInt(count) - 1n}, got ${counter}`;
      }
      least = counter + 1n;
    }
  }
  const wrong = chunks.flatMap(({ listed }) => listed).find((counter) => !isHit(counter));
  return wrong === undefined ? undefined : `expected hits only; the message of counter ${wrong} does not match`;
}
