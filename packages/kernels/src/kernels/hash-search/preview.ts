import { fromHex } from '@reckon/protocol/base/bytes';
import type { Preview } from '../../kernel.ts';
import { attempt } from '../../params.ts';
import { cutChunks, decodeChunk } from './layout.ts';
import type { CounterRange } from './params.ts';
import { describePattern, readPattern } from './pattern.ts';

/** Hits that are named before "and more". */
const NAMED = 3;

const grouped = (value: bigint | number): string => value.toLocaleString('en-US');

/** What a unit searches, and with its result what it found. */
export function searchPreview(range: CounterRange, result?: Uint8Array): Preview {
  const first = BigInt(range.from);
  const counters = `counters ${grouped(first)} to ${grouped(first + BigInt(range.count) - 1n)}`;
  const chunks = result && cutChunks(range, result)?.map(decodeChunk);
  if (chunks === undefined) {
    const text = `Looks for a message “${readable(range.prefix)}” + counter whose SHA-256 ${describePattern(readPattern(range))}: ${counters}`;
    return { kind: 'text', text };
  }
  const total = chunks.reduce((sum, chunk) => sum + chunk.total, 0);
  const named = chunks.flatMap(({ listed }) => listed).slice(0, NAMED);
  const list = total === 0 ? '' : `: ${named.map(grouped).join(', ')}${total > named.length ? ' and more' : ''}`;
  return { kind: 'text', text: `${grouped(total)} ${total === 1 ? 'hit' : 'hits'} among ${counters}${list}` };
}

/** The prefix as text where it is printable ASCII, else as hex. */
function readable(prefix: string): string {
  const text = attempt(() => String.fromCharCode(...fromHex(prefix)));
  return text !== undefined && /^[ -~]*$/.test(text) ? text : prefix;
}
