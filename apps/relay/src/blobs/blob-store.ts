import type { BlobDigest } from '@reckon/protocol/base/ids';

/** Bytes named by their SHA-256. What is stored can only be right: it was hashed on the way in and is again on the way out. */
export interface BlobStore {
  /** Size in bytes, or undefined when not stored whole. */
  sizeOf(digest: BlobDigest): Promise<number | undefined>;
  /** Bytes of an unfinished upload received so far. */
  receivedOf(digest: BlobDigest): Promise<number>;
  /**
   * Stores a whole blob; resolves once it would survive a power cut. Storing what is there already changes nothing.
   * @throws {ReckonError} BLOB_CORRUPT when the bytes have another digest; BLOB_TOO_LARGE above the limit.
   */
  put(digest: BlobDigest, bytes: Uint8Array): Promise<void>;
  /**
   * Adds a part that starts where the last ended. The part that completes the blob makes it whole.
   * @throws {ReckonError} BLOB_RANGE when `offset` is not where the upload stands; BLOB_TOO_LARGE; BLOB_CORRUPT, and
   * then the parts are thrown away.
   */
  putPart(
    digest: BlobDigest,
    part: { offset: number; total: number; bytes: Uint8Array },
  ): Promise<{ complete: boolean }>;
  /**
   * Bytes from `offset` on, at most `length`.
   * @throws {ReckonError} BLOB_MISSING; BLOB_RANGE; BLOB_CORRUPT when the stored bytes have changed, and then they are
   * removed.
   */
  read(digest: BlobDigest, offset?: number, length?: number): Promise<Uint8Array>;
}

export const DEFAULT_MAX_BLOB_BYTES = 64 * 1024 * 1024;
