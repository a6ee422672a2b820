import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex, toUtf8 } from './bytes.ts';
import { MAX_SHORT_BYTES, shortSha256 } from './short-sha256.ts';

test.each([
  // FIPS 180-4's examples, and the digest of nothing.
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('the digest of "%s" is the standard’s', (text, digest) => {
  expect(toHex(shortSha256(toUtf8(text)))).toBe(`0x${digest}`);
});

test('it is the library’s digest at every length', () => {
  for (let length = 0; length <= MAX_SHORT_BYTES; length++) {
    const bytes = new Uint8Array(length).map((_, i) => (i * 167 + length * 13) & 255);
    expect(toHex(shortSha256(bytes)), String(length)).toBe(toHex(sha256(bytes)));
  }
});

test('it is the library’s digest of any short message, whatever was hashed before', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: MAX_SHORT_BYTES }), (bytes) => {
      expect(shortSha256(bytes)).toEqual(sha256(bytes));
    }),
    { numRuns: 500 },
  );
});

test('a longer message is refused', () => {
  expect(() => shortSha256(new Uint8Array(MAX_SHORT_BYTES + 1))).toThrow(RangeError);
});
