import type { NodeSigner, Random } from '@reckon/protocol/base/ports';
import { addressOfKey, createKeySigner } from '@reckon/protocol/base/signature';
import type { NodeStore } from './store.ts';

/** The node's session key: read, or made and kept. A key outside the curve's range (odds 2⁻¹²⁸) is drawn again. */
export async function openIdentity(
  store: Pick<NodeStore, 'readKey' | 'writeKey'>,
  random: Random,
): Promise<NodeSigner> {
  const kept = await store.readKey();
  if (kept !== undefined) return createKeySigner(kept);
  const key = drawKey(random);
  await store.writeKey(key);
  return createKeySigner(key);
}

function drawKey(random: Random): Uint8Array {
  for (;;) {
    const key = random.bytes(32);
    try {
      addressOfKey(key);
      return key;
    } catch {
      // Out of range: not a key.
    }
  }
}
