import { concat } from '@reckon/protocol/base/bytes';
import { expect, test } from 'vitest';
import { type Found, type Witness, chunkAt, chunkCount, encodeChunk } from './layout.ts';
import type { CounterRange } from './params.ts';
import { searchReference, wordOf } from './reference.ts';
import { hashSearchRules } from './rules.ts';
import { loadSearcher, searchInput, searchOnWasm } from './wasm.ts';

const wasm = await loadSearcher();
const ALL = `0x${'ff'.repeat(32)}`;
/** A pattern that nothing here matches. */
const rare = { prefix: '0x61', mask: ALL, target: ALL };
const rangeOf = (first: bigint, count: number): CounterRange => ({ ...rare, from: `${first}`, count });
const search = (first: bigint, count: number) =>
  searchOnWasm(wasm, searchInput(rangeOf(first, count)), first, count).witness;
const define = (first: bigint, count: number) => searchReference(rangeOf(first, count), first, count).witness;
const foundIn = (range: CounterRange): Found[] =>
  Array.from({ length: chunkCount(range) }, (_, i) => {
    const { first, count } = chunkAt(range, i);
    return searchReference(range, first, count);
  });
const bytesOf = (chunks: readonly Found[]) => concat(...chunks.map(encodeChunk));

// Found by trying: "a" and these counters have digests that begin alike, and those between them are higher. The first pair
// lies in one vector of lanes or in two, by where the search begins.
const TIES = [
  { low: 6073952507n, high: 6073952508n, word: 0xb556bc85 },
  { low: 818530316n, high: 818530320n, word: 0x0582ce16 },
  { low: 681203734n, high: 681203739n, word: 0x1aff31aa },
] as const;

test.each(TIES)(
  'of equal words the lowest counter is the witness, in every lane: $low and $high',
  ({ low, high, word }) => {
    expect([low, high].map(wordOf(rare))).toEqual([word, word]);
    for (let before = 0n; before < 5n; before++) {
      for (const count of [1, 3, 4, 6, 7, 8, 9, 12, 13]) {
        expect(search(low - before, count), `${before} ${count}`).toEqual(define(low - before, count));
      }
    }
    expect(search(low, Number(high - low) + 1)).toEqual({ counter: low, word });
    expect(search(low + 1n, Number(high - low))).toEqual({ counter: high, word });
  },
);

test('of equal words that lie thousands of runs apart the lowest counter is the witness', () => {
  const [low, high] = [38570643n, 39374956n];
  expect([low, high].map(wordOf(rare))).toEqual([0x5fa, 0x5fa]);
  expect(search(low, Number(high - low) + 1)).toEqual({ counter: low, word: 0x5fa });
  expect(search(low + 1n, Number(high - low))).toEqual({ counter: high, word: 0x5fa });
});

test('a message beside the range is never the witness, and the one at its end may be', () => {
  const words = Array.from({ length: 100 }, (_, i) => wordOf(rare)(300n + BigInt(i)));
  const word = Math.min(...words);
  const best = 300n + BigInt(words.indexOf(word));
  expect(best).toBeGreaterThan(300n + 20n);
  for (let count = 1; count <= 20; count++) {
    expect(search(best - BigInt(count) + 1n, count)).toEqual({ counter: best, word });
    expect(search(best, count)).toEqual({ counter: best, word });
    for (const first of [best - BigInt(count), best + 1n]) expect(search(first, count)).toEqual(define(first, count));
  }
});

test('a search that finds hits in every vector has the same witness as one that finds none', () => {
  const few = { ...rangeOf(0n, 2000), mask: `0x${'00'.repeat(31)}03`, target: `0x${'00'.repeat(32)}` };
  const { total, witness } = searchOnWasm(wasm, searchInput(few), 0n, 2000);
  expect(total).toBeGreaterThan(300);
  expect(witness).toEqual(search(0n, 2000));
  expect(witness).toEqual(define(0n, 2000));
});

test('a search does not remember the witness of the one before', () => {
  const best = search(0n, 100_000);
  expect(search(best.counter + 1n, 50)).toEqual(define(best.counter + 1n, 50));
});

const unit = rangeOf(5n, 64 * 256);
const right = foundIn(unit);
const rightBytes = bytesOf(right);
const params = JSON.stringify(unit);
/** The indexes of chunks in which a result that tells another witness than the right one passes a comparison. */
const passing = (witnesses: readonly Witness[]): number[] => {
  const bytes = bytesOf(right.map((found, i) => ({ ...found, witness: witnesses[i] as Witness })));
  expect(hashSearchRules.inspect(params, bytes)).toBeUndefined();
  expect(hashSearchRules.agree(bytes, rightBytes, '')).toBe(false);
  const rules = hashSearchRules.chunks;
  return right.flatMap((found, i) => {
    const slice = rules?.slice(params, bytes, i) as Uint8Array;
    return Buffer.compare(slice, encodeChunk(found)) === 0 ? [i] : [];
  });
};

test('“nothing found” said without computing is wrong in nearly every chunk, and half of the work in half of them', () => {
  expect(right.every(({ total }) => total === 0)).toBe(true);
  expect(hashSearchRules.chunks?.compute({ params, blobs: new Map() }, 7)).toEqual(encodeChunk(right[7] as Found));
  const tried = (share: number) => passing(right.map((_, i) => define(chunkAt(unit, i).first, 64 * share))).length;
  // Four chunks of 256 have it by chance, and 128.
  expect(tried(1 / 64)).toBeLessThan(14);
  expect(tried(1 / 2)).toSatisfy((n: number) => n > 96 && n < 160);
});

test('every other true message as the witness passes the look at its own hash, and no comparison with the right one', () => {
  const word = wordOf(unit);
  for (const [i, found] of right.slice(0, 4).entries()) {
    const { first } = chunkAt(unit, i);
    for (const offset of [0n, 1n, 31n, 62n, 63n]) {
      const counter = first + offset;
      if (counter === found.witness.counter) continue;
      const witness = { counter, word: word(counter) };
      expect(passing(right.map((other, at) => (at === i ? witness : other.witness)))).not.toContain(i);
    }
  }
});

test('a witness from elsewhere, or with another word than its message’s, is refused', () => {
  const refuse = (at: number, witness: Partial<Witness>) =>
    hashSearchRules.inspect(
      params,
      bytesOf(right.map((found, i) => (i === at ? { ...found, witness: { ...found.witness, ...witness } } : found))),
    );
  expect(hashSearchRules.inspect(params, rightBytes)).toBeUndefined();
  const { first, count } = chunkAt(unit, 9);
  const word = wordOf(unit);
  for (const counter of [0n, first - 1n, first + BigInt(count), 2n ** 64n - 1n]) {
    expect(refuse(9, { counter, word: word(counter) })).toMatch(
      /^chunk 9: expected a witness from \d+ to \d+, got \d+$/,
    );
  }
  const own = right[9]?.witness.word as number;
  for (const wrong of [0, 2 ** 32 - 1, own ^ 1, (own ^ 0x80000000) >>> 0, own - 1]) {
    expect(refuse(9, { word: wrong })).toMatch(/^chunk 9: expected the witness’s word/);
  }
  expect(refuse(9, { counter: first + BigInt(right[9]?.witness.counter === first ? 1 : 0) })).toMatch(/witness’s word/);
  for (let at = 0; at < 16; at++) {
    const swapped = rightBytes.with(16 * 40 + at, (rightBytes[16 * 40 + at] as number) ^ 0x40);
    expect(hashSearchRules.inspect(params, swapped), `byte ${at}`).toEqual(expect.any(String));
  }
});

test('a witness that a reported hit belies is refused: the hit has a lower word, or the same and a lower counter', () => {
  const { low, high, word } = TIES.at(-1) as (typeof TIES)[number];
  const target = `0x1a${'00'.repeat(31)}`;
  const range = { ...rangeOf(low, 1100), mask: `0xff${'00'.repeat(31)}`, target };
  const [tied, ...rest] = foundIn(range) as [Found, ...Found[]];
  expect(tied).toEqual({ total: 2, listed: [low, high], witness: { counter: low, word } });
  const refuse = (changed: Partial<Found>) =>
    hashSearchRules.inspect(JSON.stringify(range), bytesOf([{ ...tied, ...changed }, ...rest]));
  const higher = { counter: low + 1n, word: wordOf(range)(low + 1n) };
  expect(refuse({})).toBeUndefined();
  expect(refuse({ witness: higher })).toMatch(/^chunk 0: .* but the hit 681203734 has a better one/);
  expect(refuse({ witness: higher, total: 1, listed: [high] })).toMatch(/but the hit 681203739 has a better one/);
  expect(refuse({ witness: { counter: high, word } })).toMatch(/but the hit 681203734 has a better one/);
  // Of what was left out nothing is known.
  expect(refuse({ witness: { counter: high, word }, total: 1, listed: [high] })).toBeUndefined();
});
