import { concat, fromHex } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import { type Hits, MAX_LISTED } from './layout.ts';
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

/** The hits among `count` counters from `first` on, one by one: the definition that every backend equals. */
export function searchReference(range: CounterRange, first: bigint, count: number): Hits {
  const isHit = hitTest(range);
  const listed: bigint[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const counter = first + BigInt(i);
    if (!isHit(counter)) continue;
    if (total < MAX_LISTED) listed.push(counter);
    total++;
  }
  return { total, listed };
}
