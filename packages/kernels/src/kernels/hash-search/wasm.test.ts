import { fromHex, toHex } from '@reckon/protocol/base/bytes';
import { sha256 } from '@reckon/protocol/base/hash';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CounterRange } from './params.ts';
import { hitTest, messageOf, searchReference } from './reference.ts';
import { loadSearcher, searchInput, searchOnWasm } from './wasm.ts';

const wasm = await loadSearcher();
const ALL = `0x${'ff'.repeat(32)}`;
const END = 2n ** 64n;

const rangeOf = (prefix: Uint8Array, mask: string, target: string): CounterRange => ({
  prefix: toHex(prefix),
  mask,
  target,
  from: '0',
  count: 1,
});

/** Mask and target with `bits` at one byte of the digest and zeros elsewhere. */
function atByte(byte: number, mask: number, target: number): { mask: string; target: string } {
  const place = (value: number) => toHex(new Uint8Array(32).with(byte, value));
  return { mask: place(mask), target: place(target) };
}

// NIST CAVP, SHA256ShortMsg: messages of one block with at least a counter's eight bytes. FIPS 180-4's own "abc" has three.
test.each([
  ['5738c929c4f4ccb6', '963bb88f27f512777aab6c8b1a02c70ec0ad651d428f870036e1917120fb48bf'],
  ['3334c58075d3f4139e', '078da3d77ed43bd3037a433fd0341855023793f9afd08b4b08ea1e5597ceef20'],
  ['74cb9381d89f5aa73368', '73d6fad1caaa75b43b21733561fd3958bdc555194a037c2addec19dc2d7a52bd'],
  ['76ed24a0f40a41221ebfcf', '044cef802901932e46dc46b2545e6c99c0fc323a0ed99b081bda4216857f38ac'],
  ['9baf69cba317f422fe26a9a0', 'fe56287cd657e4afc50dba7a3a54c2a6324b886becdcd1fae473b769e551a09b'],
  ['0a27847cdc98bd6f62220b046edd762b', '80c25ec1600587e7f28b18b1b18e3cdc89928e39cab3bc25e4d4a4c139bcedc4'],
  [
    '47991301156d1d977c0338efbcad41004133aefbca6bcf7e',
    'feeb4b2b59fec8fdb1e55194a493d8c871757b5723675e93d3ac034b380b7fc9',
  ],
  [
    '09fc1accc230a205e4a208e64a8f204291f581a12756392da4b8c0cf5ef02b95',
    '4f44c1c7fbebb6f9601829f3897bfd650c56fa07844be76489076356ac1886a4',
  ],
  [
    'd0fefd96787c65ffa7f910d6d0ada63d64d5c4679960e7f06aeb8c70dfef954f8e39efdb629b',
    '49ba38db85c2796f85ffd57dd5ec337007414528ae33935b102d16a6b91ba6c1',
  ],
  [
    '45a3e6b86527f20b4537f5af96cfc5ad8777a2dde6cf7511886c5590ece24fc61b226739d207dabfe32ba6efd9ff4cd5db1bd5ead3',
    '4d12a849047c6acd4b2eee6be35fa9051b02d21d50d419543008c1d82c427072',
  ],
  [
    '25362a4b9d74bde6128c4fdc672305900947bc3ada9d9d316ebcf1667ad4363189937251f149c72e064a48608d940b7574b17fefc0df',
    'f8e4ccab6c979229f6066cc0cb0cfa81bb21447c16c68773be7e558e9f9d798d',
  ],
  [
    '3ebfb06db8c38d5ba037f1363e118550aad94606e26835a01af05078533cc25f2f39573c04b632f62f68c294ab31f2a3e2a1a0d8c2be51',
    '6595a2ef537a69ba8583dfbf7f5bec0ab1f93ce4c8ee1916eff44a93af5749c4',
  ],
])('the digest of %s is found by the counter at its end, in every lane', (text, digest) => {
  const message = fromHex(`0x${text}`);
  const prefix = message.subarray(0, -8);
  const counter = new DataView(message.buffer).getBigUint64(prefix.length);
  const input = searchInput(rangeOf(prefix, ALL, `0x${digest}`));
  for (let before = 0n; before < 6n; before++) {
    expect(searchOnWasm(wasm, input, counter - before, 7)).toMatchObject({ total: 1, listed: [counter] });
  }
  expect(searchOnWasm(wasm, input, counter - 7n, 7)).toMatchObject({ total: 0, listed: [] });
  expect(searchOnWasm(wasm, input, counter + 1n, 7)).toMatchObject({ total: 0, listed: [] });
  const word = Number.parseInt(digest.slice(0, 8), 16);
  expect(searchOnWasm(wasm, input, counter, 1).witness).toEqual({ counter, word });
  // One bit away from it nothing is found.
  for (const byte of [0, 3, 4, 15, 28, 31]) {
    const near = fromHex(`0x${digest}`);
    near[byte] = (near[byte] as number) ^ 0x10;
    expect(searchOnWasm(wasm, searchInput(rangeOf(prefix, ALL, toHex(near))), counter, 1).total).toBe(0);
  }
});

test('what is hashed is the prefix and the counter as eight bytes, the highest first', () => {
  const message = messageOf(Uint8Array.of(0xaa), 0x0102030405060708n);
  expect(toHex(message)).toBe('0xaa0102030405060708');
  const { mask, target } = { mask: ALL, target: toHex(sha256(message)) };
  expect(hitTest({ prefix: '0xaa', mask, target })(0x0102030405060708n)).toBe(true);
  expect(hitTest({ prefix: '0xaa', mask, target })(0x0102030405060709n)).toBe(false);
});

test('for every prefix length, every byte of the digest and any counters, hits and witness are the reference’s', () => {
  const starts = fc.oneof(
    fc.bigInt({ min: 0n, max: END - 400n }),
    // Where carries go: over 2⁸, 2¹⁶, 2²⁴, 2³², 2⁴⁰ and to the end.
    fc.tuple(fc.constantFrom(8n, 16n, 24n, 32n, 40n, 48n, 56n), fc.nat(399)).map(([bits, back]) => {
      return 2n ** bits < 400n ? 0n : 2n ** bits - BigInt(back);
    }),
    fc.nat(300).map((back) => END - 400n - BigInt(back)),
  );
  const lengths = fc.integer({ min: 0, max: 47 });
  fc.assert(
    fc.property(
      lengths,
      fc.nat(),
      starts,
      fc.integer({ min: 1, max: 400 }),
      fc.nat(31),
      (length, seed, first, count, byte) => {
        const prefix = Uint8Array.from({ length }, (_, i) => (seed >> (i % 24)) + i);
        const range = rangeOf(prefix, ...(Object.values(atByte(byte, 0x3c, seed & 0x3c)) as [string, string]));
        expect(searchOnWasm(wasm, searchInput(range), first, count)).toEqual(searchReference(range, first, count));
      },
    ),
    { numRuns: 150 },
  );
  for (let length = 0; length <= 47; length++) {
    const range = { ...rangeOf(new Uint8Array(length).fill(length), '', ''), ...atByte((length * 5) % 32, 0x0f, 0x05) };
    expect(searchOnWasm(wasm, searchInput(range), 2n ** 32n - 70n, 140)).toEqual(
      searchReference(range, 2n ** 32n - 70n, 140),
    );
  }
});

test('hits at both ends of a range are found, and those beside it are not, to the last counter there is', () => {
  for (const counter of [0n, 255n, 256n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 63n, END - 1n]) {
    const prefix = Uint8Array.of(1, 2, 3);
    const range = rangeOf(prefix, ALL, toHex(sha256(messageOf(prefix, counter))));
    const hit = { total: 1, listed: [counter] };
    const search = (first: bigint, count: number) => searchOnWasm(wasm, searchInput(range), first, count);
    expect(search(counter, 1)).toMatchObject(hit);
    if (counter + 9n < END) expect(search(counter, 9)).toMatchObject(hit);
    for (const count of [2, 3, 4, 5, 9]) {
      if (counter >= BigInt(count)) {
        expect(search(counter - BigInt(count) + 1n, count)).toMatchObject(hit);
        expect(search(counter - BigInt(count), count).total).toBe(0);
      }
    }
  }
});

test('more hits than there is room for are counted; the lowest are listed', () => {
  const range = { ...rangeOf(new Uint8Array(5), '', ''), ...atByte(0, 0x03, 0x01) };
  const input = searchInput(range);
  const all = searchReference(range, 40n, 2000);
  expect(all.total).toBeGreaterThan(300);
  expect(all.listed).toHaveLength(128);
  expect(searchOnWasm(wasm, input, 40n, 2000)).toEqual(all);
  expect(searchOnWasm(wasm, input, 40n, 2000, 7)).toEqual({ ...all, listed: all.listed.slice(0, 7) });
  expect(searchOnWasm(wasm, input, 40n, 2000, 0)).toEqual({ ...all, listed: [] });
  // Beyond its room it writes nothing.
  const beyond = new BigUint64Array(wasm.memory.buffer, wasm.hitsAt(), 128).fill(7n);
  searchOnWasm(wasm, input, 40n, 2000, 3);
  expect([...beyond.subarray(0, 5)]).toEqual([...all.listed.slice(0, 3), 7n, 7n]);
});
