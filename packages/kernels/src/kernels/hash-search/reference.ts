import { concat, fromHex } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import { type Found, MAX_LISTED } from './layout.ts';
import type { CounterRange } from './params.ts';
import { matches, readPattern } from './pattern.ts';

/** What is hashed for a counter: the prefix, then the counter as a big-endian u64. */
export function messageOf(prefix: Uint8Array, counter: bigint): Uint8Array {
  const message = concat(prefix, new Uint8Array(8));
  new DataView(message.buffer).setBigUint64(prefix.length, counter);
  return message;
}

/** What a unit looks for, ready to try counters. */
export function hitTest(range: Pick<CounterRange, 'prefix' | 'mask' | 'target'>): (counter: bigint) => boolean {
  const pattern = readPattern(range);
  const prefix = fromHex(range.prefix);
  return (counter) => matches(sha256(messageOf(prefix, counter)), pattern);
}

/** A digest's first 32 bits as a big-endian u32. */
const firstWord = (digest: Uint8Array): number =>
  new DataView(digest.buffer, digest.byteOffset, digest.byteLength).getUint32(0);

/** The first word of a counter's digest. */
export function wordOf(range: Pick<CounterRange, 'prefix'>): (counter: bigint) => number {
  const prefix = fromHex(range.prefix);
  return (counter) => firstWord(sha256(messageOf(prefix, counter)));
}

/** What `count` counters from `first` on, at least one, hold, one by one: the definition that every backend equals. */
export function searchReference(range: CounterRange, first: bigint, count: number): Found {
  const pattern = readPattern(range);
  const prefix = fromHex(range.prefix);
  const listed: bigint[] = [];
  let total = 0;
  let witness = { counter: first, word: 2 ** 32 };
  for (let i = 0; i < count; i++) {
    const counter = first + BigInt(i);
    const digest = sha256(messageOf(prefix, counter));
    const word = firstWord(digest);
    if (word < witness.word) witness = { counter, word };
    if (!matches(digest, pattern)) continue;
    if (total < MAX_LISTED) listed.push(counter);
    total++;
  }
  return { total, listed, witness };
}
