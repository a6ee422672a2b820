import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytes } from '../../testing/arbitraries.ts';
import { fromHex, toHex } from './bytes.ts';
import { addressOfKey, createKeySigner, recoverAddress } from './signature.ts';

// The first development account that every EVM test chain knows.
const KEY = fromHex('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');

test('derives the well-known address of a well-known key', () => {
  expect(addressOfKey(KEY)).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266');
});

test('recovers the signer of any digest', () => {
  const signer = createKeySigner(KEY);
  fc.assert(
    fc.property(bytes(32), (digest) => recoverAddress(digest, signer.sign(digest)) === signer.nodeId),
    { numRuns: 20 },
  );
});

test('a changed signature is never by the signer, and never throws', () => {
  const signer = createKeySigner(KEY);
  const digest = new Uint8Array(32).fill(7);
  const signature = fromHex(signer.sign(digest));
  fc.assert(
    fc.property(fc.nat(64), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = signature.slice();
      changed[at] = (changed[at] as number) ^ change;
      return recoverAddress(digest, toHex(changed)) !== signer.nodeId;
    }),
    { numRuns: 60 },
  );
});

test('refuses the malleable twin with a high s', () => {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const signature = fromHex(createKeySigner(KEY).sign(new Uint8Array(32).fill(1)));
  const s = BigInt(toHex(signature.slice(32, 64)));
  const twin = signature.slice();
  twin.set(fromHex(`0x${(order - s).toString(16).padStart(64, '0')}`), 32);
  twin[64] = (twin[64] as number) === 27 ? 28 : 27;
  expect(recoverAddress(new Uint8Array(32).fill(1), toHex(twin))).toBeUndefined();
});
