import { compareBytes, fromHex, toHex } from './bytes.ts';
import { keccak } from './hash.ts';
import type { RecoverAddress } from './ports.ts';

/** Half the order of secp256k1's group: a larger s is not canonical (EIP-2). */
const HALF_ORDER = fromHex('0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0');

/** What is used of a native library, such as the npm package `secp256k1`. */
export interface NativeSecp256k1 {
  ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array;
}

/** `recoverAddress` on a native library; both say the same of every signature. */
export function recoverWith(native: NativeSecp256k1): RecoverAddress {
  return (digest, signature) => {
    const bytes = fromHex(signature);
    const recovery = (bytes[64] ?? 0) - 27;
    if (bytes.length !== 65 || (recovery !== 0 && recovery !== 1)) return undefined;
    if (compareBytes(bytes.subarray(32, 64), HALF_ORDER) > 0) return undefined;
    try {
      const publicKey = native.ecdsaRecover(bytes.slice(0, 64), recovery, digest, false);
      return toHex(keccak(publicKey.slice(1)).slice(12));
    } catch {
      return undefined; // r or s out of range, or no such point: not a signature
    }
  };
}
