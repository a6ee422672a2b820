import { type Found, chunkAt, cutChunks, decodeChunk } from './layout.ts';
import type { CounterRange } from './params.ts';
import { hitTest, wordOf } from './reference.ts';

/**
 * Why `result` is none of the unit's, or undefined. Every hit in it and each chunk's witness is hashed, at most 256 · 129
 * messages, so a false hit is refused wherever a result is read. Neither hits that were left out nor a message that would
 * have been the better witness are seen here: for those the others of a chunk must be hashed.
 */
export function refuseHits(range: CounterRange, result: Uint8Array): string | undefined {
  const chunks = cutChunks(range, result)?.map(decodeChunk);
  if (chunks === undefined) return 'expected a number of hits, a witness and so many counters for each chunk';
  for (const [i, found] of chunks.entries()) {
    const refused = refusePlaces(found, chunkAt(range, i));
    if (refused !== undefined) return `chunk ${i}: ${refused}`;
  }
  const word = wordOf(range);
  for (const [i, found] of chunks.entries()) {
    const refused = refuseWords(found, word);
    if (refused !== undefined) return `chunk ${i}: ${refused}`;
  }
  const isHit = hitTest(range);
  const wrong = chunks.flatMap(({ listed }) => listed).find((counter) => !isHit(counter));
  return wrong === undefined ? undefined : `expected hits only; the message of counter ${wrong} does not match`;
}

/** Numbers that cannot be the chunk's, told without a hash. */
function refusePlaces(
  { total, listed, witness }: Found,
  { first, count }: { first: bigint; count: number },
): string | undefined {
  if (total > count) return `expected at most ${count} hits, got ${total}`;
  const end = first + BigInt(count);
  if (witness.counter < first || witness.counter >= end) {
    return `expected a witness from ${first} to ${end - 1n}, got ${witness.counter}`;
  }
  let least = first;
  for (const counter of listed) {
    if (counter < least || counter >= end) {
      return `expected rising counters from ${first} to ${end - 1n}, got ${counter}`;
    }
    least = counter + 1n;
  }
  return undefined;
}

/** A witness that its own message or a listed one belies. */
function refuseWords({ listed, witness }: Found, wordOf: (counter: bigint) => number): string | undefined {
  const word = wordOf(witness.counter);
  if (word !== witness.word) {
    return `expected the witness’s word ${word}, as its message ${witness.counter} hashes to, got ${witness.word}`;
  }
  const better = listed.find((counter) => {
    const other = wordOf(counter);
    return other < word || (other === word && counter < witness.counter);
  });
  if (better === undefined) return undefined;
  return `expected the lowest first word of all, but the hit ${better} has a better one than the witness ${witness.counter}`;
}
