import { fromHex, type Hex, toHex } from '@reckon/protocol/base/bytes';
import { createKeySigner, recoverAddress } from '@reckon/protocol/base/signature';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadRecoverAddress } from './recover.ts';

const { recover, native } = await loadRecoverAddress();
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

test('the native library loads here', () => expect(native).toBe(true));

test('native and pure recovery agree on every signature, whole or spoiled', () => {
  fc.assert(
    fc.property(bytes32, bytes32, fc.nat(64), fc.nat(255), (key, digest, at, flip) => {
      if (key.every((byte) => byte === 0) || key.subarray(0, 16).every((byte) => byte === 255)) return;
      const signed = fromHex(createKeySigner(key).sign(digest));
      signed[at] = (signed[at] as number) ^ flip;
      expect(recover(digest, toHex(signed))).toBe(recoverAddress(digest, toHex(signed)));
    }),
    { numRuns: 60 },
  );
});

test('a signature with the other s is refused, though it verifies', () => {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const digest = new Uint8Array(32).fill(7);
  const signature = createKeySigner(new Uint8Array(32).fill(1)).sign(digest);
  const s = order - BigInt(`0x${signature.slice(66, 130)}`);
  const v = signature.endsWith('1b') ? '1c' : '1b';
  const mirrored = `${signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}` as Hex;
  expect(recover(digest, mirrored)).toBeUndefined();
});
