import { recoverWith } from '@reckon/protocol/base/native-recover';
import type { RecoverAddress } from '@reckon/protocol/base/ports';
import { recoverAddress } from '@reckon/protocol/base/signature';

/** Signature recovery on the native library, about twenty times as fast, else the protocol's own. */
export async function loadRecover(): Promise<RecoverAddress> {
  try {
    const { default: native } = await import('secp256k1');
    return recoverWith(native);
  } catch {
    return recoverAddress; // no prebuild for this platform
  }
}
