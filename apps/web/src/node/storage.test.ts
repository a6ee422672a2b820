import 'fake-indexeddb/auto';
import { hashBlob } from '@reckon/protocol/base/hash';
import { acceptsNodeStore, unsentResult } from '@reckon/node/testing/store-acceptance';
import { expect, test } from 'vitest';
import { openStorage } from './storage.ts';

let names = 0;
const nextName = () => `test-${names++}`;

acceptsNodeStore('IndexedDB', (capBytes) => openStorage({ slot: 0, blobCapBytes: capBytes, name: nextName() }));

test('two tabs have two keys and two outboxes, and share cached blobs', async () => {
  const name = nextName();
  const first = await openStorage({ slot: 0, blobCapBytes: 100, name });
  const second = await openStorage({ slot: 1, blobCapBytes: 100, name });
  const blob = Uint8Array.of(1, 2);
  await first.writeKey(new Uint8Array(32).fill(1));
  await first.writeUnsent(unsentResult('first'));
  await first.writeBlob(hashBlob(blob), blob);
  expect(await second.readKey()).toBeUndefined();
  expect(await second.listUnsent()).toEqual([]);
  expect(await second.readBlob(hashBlob(blob))).toEqual(blob);
  await second.clear();
  expect(await first.listUnsent()).toEqual([unsentResult('first')]);
});
