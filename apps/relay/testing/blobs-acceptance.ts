import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { afterEach, describe, expect, test } from 'vitest';
import type { BlobStore } from '../src/blobs/blob-store.ts';

export interface BlobsUnderTest {
  blobs: BlobStore;
  /** Changes stored bytes behind the store's back. */
  spoil(digest: BlobDigest): void;
  cleanUp(): void;
}

const bytes = toUtf8('the quick brown fox');
const digest = hashBlob(bytes);
const coded = (code: string, details?: object) => expect.objectContaining({ code, ...(details ? { details } : {}) });

/** What every blob store must do; `maxBytes` is 1000 in each. */
export function acceptBlobs(name: string, setUp: (maxBytes: number) => BlobsUnderTest): void {
  describe(`blob store: ${name}`, () => {
    let current: BlobsUnderTest | undefined;
    const fresh = () => {
      current = setUp(1000);
      return current;
    };
    afterEach(() => current?.cleanUp());

    test('gives back what was put, whole or from an offset', async () => {
      const { blobs } = fresh();
      await blobs.put(digest, bytes);
      await blobs.put(digest, bytes);
      expect(await blobs.sizeOf(digest)).toBe(bytes.length);
      expect(await blobs.read(digest)).toEqual(bytes);
      expect(await blobs.read(digest, 4, 5)).toEqual(toUtf8('quick'));
      expect(await blobs.read(digest, bytes.length)).toEqual(new Uint8Array(0));
      await expect(blobs.read(digest, bytes.length + 1)).rejects.toThrow(coded('BLOB_RANGE'));
    });

    test('a blob that was spoiled is mended by putting it again', async () => {
      const { blobs, spoil } = fresh();
      await blobs.put(digest, bytes);
      spoil(digest);
      await blobs.put(digest, bytes);
      expect(await blobs.read(digest)).toEqual(bytes);
    });

    test('holds the empty blob', async () => {
      const { blobs } = fresh();
      const nothing = new Uint8Array(0);
      await blobs.put(hashBlob(nothing), nothing);
      expect(await blobs.sizeOf(hashBlob(nothing))).toBe(0);
      expect(await blobs.read(hashBlob(nothing))).toEqual(nothing);
    });

    test('refuses bytes of another digest and keeps nothing of them', async () => {
      const { blobs } = fresh();
      const other = hashBlob(toUtf8('other'));
      await expect(blobs.put(other, bytes)).rejects.toThrow(
        coded('BLOB_CORRUPT', { expected: other, received: digest }),
      );
      expect(await blobs.sizeOf(other)).toBeUndefined();
      await expect(blobs.read(other)).rejects.toThrow(coded('BLOB_MISSING', { digest: other }));
    });

    test('takes an upload in parts and says where it stands', async () => {
      const { blobs } = fresh();
      const total = bytes.length;
      expect(await blobs.putPart(digest, { offset: 0, total, bytes: bytes.slice(0, 7) })).toEqual({ complete: false });
      expect(await blobs.receivedOf(digest)).toBe(7);
      expect(await blobs.sizeOf(digest)).toBeUndefined();
      await expect(blobs.putPart(digest, { offset: 3, total, bytes: bytes.slice(3) })).rejects.toThrow(
        coded('BLOB_RANGE', { offset: 3, sizeBytes: 7 }),
      );
      expect(await blobs.putPart(digest, { offset: 7, total, bytes: bytes.slice(7) })).toEqual({ complete: true });
      expect(await blobs.read(digest)).toEqual(bytes);
      expect(await blobs.receivedOf(digest)).toBe(0);
    });

    test('throws a finished upload of wrong bytes away, so that it can start again', async () => {
      const { blobs } = fresh();
      const wrong = bytes.map((byte) => byte ^ 1);
      const total = bytes.length;
      await expect(blobs.putPart(digest, { offset: 0, total, bytes: wrong })).rejects.toThrow(coded('BLOB_CORRUPT'));
      expect(await blobs.receivedOf(digest)).toBe(0);
      expect(await blobs.putPart(digest, { offset: 0, total, bytes })).toEqual({ complete: true });
    });

    test('refuses what is above the limit, before storing it', async () => {
      const { blobs } = fresh();
      const large = new Uint8Array(1001);
      const details = { limitBytes: 1000, sizeBytes: 1001 };
      await expect(blobs.put(hashBlob(large), large)).rejects.toThrow(coded('BLOB_TOO_LARGE', details));
      const first = { offset: 0, total: 1001, bytes: new Uint8Array(1) };
      await expect(blobs.putPart(hashBlob(large), first)).rejects.toThrow(coded('BLOB_TOO_LARGE', details));
    });

    test('finds spoiled bytes on reading and removes them', async () => {
      const { blobs, spoil } = fresh();
      await blobs.put(digest, bytes);
      expect(await blobs.read(digest)).toEqual(bytes);
      spoil(digest);
      await expect(blobs.read(digest)).rejects.toThrow(coded('BLOB_CORRUPT'));
      expect(await blobs.sizeOf(digest)).toBeUndefined();
      await blobs.put(digest, bytes);
      expect(await blobs.read(digest)).toEqual(bytes);
    });

    test('two writers of one blob at once do not hurt each other', async () => {
      const { blobs } = fresh();
      await Promise.all([blobs.put(digest, bytes), blobs.put(digest, bytes), blobs.put(digest, bytes)]);
      expect(await blobs.read(digest)).toEqual(bytes);
    });
  });
}
