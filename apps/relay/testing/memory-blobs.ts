import { ReckonError } from '@reckon/protocol/base/errors';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { BlobDigest } from '@reckon/protocol/base/ids';
import { concat } from '@reckon/protocol/base/bytes';
import { type BlobStore, DEFAULT_MAX_BLOB_BYTES } from '../src/blobs/blob-store.ts';

/** Blobs in memory; `blobs` is open so that a test can spoil one. */
export function createMemoryBlobs(
  maxBytes = DEFAULT_MAX_BLOB_BYTES,
): BlobStore & { readonly blobs: Map<BlobDigest, Uint8Array> } {
  const blobs = new Map<BlobDigest, Uint8Array>();
  const parts = new Map<BlobDigest, Uint8Array>();
  const check = (digest: BlobDigest, bytes: Uint8Array): void => {
    const received = hashBlob(bytes);
    if (received !== digest) throw new ReckonError('BLOB_CORRUPT', { expected: digest, received });
  };
  const checkSize = (sizeBytes: number): void => {
    if (sizeBytes > maxBytes) throw new ReckonError('BLOB_TOO_LARGE', { limitBytes: maxBytes, sizeBytes });
  };
  return {
    blobs,
    sizeOf: async (digest) => blobs.get(digest)?.length,
    receivedOf: async (digest) => parts.get(digest)?.length ?? 0,
    async put(digest, bytes) {
      checkSize(bytes.length);
      check(digest, bytes);
      blobs.set(digest, bytes.slice());
    },
    async putPart(digest, { offset, total, bytes }) {
      checkSize(Math.max(total, offset + bytes.length));
      if (blobs.has(digest)) return { complete: true };
      const standing = parts.get(digest) ?? new Uint8Array(0);
      if (offset !== standing.length || offset + bytes.length > total) {
        throw new ReckonError('BLOB_RANGE', { offset, sizeBytes: standing.length });
      }
      const joined = concat(standing, bytes);
      if (joined.length < total) {
        parts.set(digest, joined);
        return { complete: false };
      }
      parts.delete(digest);
      check(digest, joined);
      blobs.set(digest, joined);
      return { complete: true };
    },
    async read(digest, offset = 0, length = maxBytes) {
      const bytes = blobs.get(digest);
      if (bytes === undefined) throw new ReckonError('BLOB_MISSING', { digest });
      if (offset > bytes.length) throw new ReckonError('BLOB_RANGE', { offset, sizeBytes: bytes.length });
      try {
        check(digest, bytes);
      } catch (error) {
        blobs.delete(digest);
        throw error;
      }
      return bytes.slice(offset, offset + length);
    },
  };
}
