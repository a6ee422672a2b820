import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concat, fromHex, type Hex, toHex } from './bytes.ts';
import { keccak } from './hash.ts';
import type { NodeId, Signature } from './ids.ts';
import type { NodeSigner, RecoverAddress } from './ports.ts';

const toAddress = (publicKey: Uint8Array): Hex => toHex(keccak(publicKey.slice(1)).slice(12));

/** The lower-case EVM address of a 32-byte secret key. @throws {Error} when the key is not in the group's range. */
export const addressOfKey = (secretKey: Uint8Array): Hex => toAddress(secp256k1.getPublicKey(secretKey, false));

/** Recovers who signed a 32-byte digest; undefined when the signature is malformed or not low-s (EIP-2). */
export const recoverAddress: RecoverAddress = (digest, signature) => {
  const bytes = fromHex(signature);
  const recovery = (bytes[64] ?? 0) - 27;
  if (bytes.length !== 65 || (recovery !== 0 && recovery !== 1)) return undefined;
  try {
    const parsed = secp256k1.Signature.fromBytes(bytes.slice(0, 64), 'compact');
    if (parsed.hasHighS()) return undefined;
    return toAddress(parsed.addRecoveryBit(recovery).recoverPublicKey(digest).toBytes(false));
  } catch {
    return undefined; // out-of-range r or s, or no such point: not a signature
  }
};

/** Signs with a key held in memory. Deterministic nonces (RFC 6979), low s. */
export function createKeySigner(secretKey: Uint8Array): NodeSigner {
  return {
    nodeId: addressOfKey(secretKey) as NodeId,
    sign(digest) {
      const recovered = secp256k1.sign(digest, secretKey, { prehash: false, format: 'recovered' });
      return toHex(concat(recovered.slice(1), Uint8Array.of(27 + (recovered[0] as number)))) as Signature;
    },
  };
}
