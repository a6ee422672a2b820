import { hashBlob } from '@reckon/protocol/base/hash';
import { expect, test } from 'vitest';
import { createMemoryBlobs } from '../../testing/memory-blobs.ts';
import { readShared } from './shared-inputs.ts';

const ROOM = 64;

async function stored(blobs: ReturnType<typeof createMemoryBlobs>, size: number, fill: number) {
  const bytes = new Uint8Array(size).fill(fill);
  const digest = hashBlob(bytes);
  await blobs.put(digest, bytes);
  return { bytes, digest };
}

test('an input read again is the same array, until larger ones have taken its place', async () => {
  const blobs = createMemoryBlobs();
  const first = await stored(blobs, 30, 1);
  const second = await stored(blobs, 30, 2);
  const third = await stored(blobs, 30, 3);
  const read = await readShared(blobs, first.digest, ROOM);
  expect(read).toEqual(first.bytes);
  await readShared(blobs, second.digest, ROOM);
  expect(await readShared(blobs, first.digest, ROOM)).toBe(read);
  // The second was used longest ago.
  await readShared(blobs, third.digest, ROOM);
  expect(await readShared(blobs, first.digest, ROOM)).toBe(read);
});

test('a missing input is named', async () => {
  const digest = hashBlob(Uint8Array.of(9));
  await expect(readShared(createMemoryBlobs(), digest)).rejects.toMatchObject({ code: 'BLOB_MISSING' });
});
