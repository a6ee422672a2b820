import { openIdentity } from '@reckon/node/identity';
import { systemRandom } from '@reckon/node/system-random';
import type { NodeSigner } from '@reckon/protocol/base/ports';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { openStorage } from '../../node/storage.ts';

/** The key of the browser's first node stands for the browser, whichever tab reports. */
const FIRST = 0;
const LOCK = `reckon-node-${FIRST}`;
const LOOKS = 20;
const LOOK_MS = 100;

/**
 * The key this browser signs reports with: its first node's. Where no node ever ran, it is made and kept. A node that holds
 * the lock is making its key this moment, so that a second one is never made beside it.
 */
export async function openBrowserKey(): Promise<NodeSigner> {
  // The cap matters only to blobs that are written, and none are.
  const store = await openStorage({ slot: FIRST, blobCapBytes: 0 });
  if (!('locks' in navigator)) return openIdentity(store, systemRandom);
  for (let look = 0; look < LOOKS; look++) {
    const kept = await store.readKey();
    if (kept !== undefined) return createKeySigner(kept);
    const made = await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) =>
      lock === null ? undefined : openIdentity(store, systemRandom),
    );
    if (made !== undefined) return made;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return openIdentity(store, systemRandom);
}
