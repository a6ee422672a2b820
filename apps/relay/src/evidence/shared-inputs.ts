import type { BlobDigest } from '@reckon/protocol/base/ids';
import type { BlobStore } from '../blobs/blob-store.ts';

/** Inputs of whole stages kept in memory. */
const MAX_BYTES = 64 * 1024 * 1024;

const kept = new WeakMap<BlobStore, Map<BlobDigest, Uint8Array>>();

/**
 * Reads an input that all units of a stage share, from memory when it was read lately. The same bytes come back as the
 * same array, by which a kernel's check knows again what it has prepared for them; nobody may change it.
 * @throws {ReckonError} BLOB_MISSING, BLOB_CORRUPT.
 */
export async function readShared(blobs: BlobStore, digest: BlobDigest, maxBytes = MAX_BYTES): Promise<Uint8Array> {
  const inputs = kept.get(blobs) ?? new Map<BlobDigest, Uint8Array>();
  kept.set(blobs, inputs);
  const bytes = inputs.get(digest) ?? (await blobs.read(digest));
  // Put last, so that the first is the one used longest ago.
  inputs.delete(digest);
  inputs.set(digest, bytes);
  let total = 0;
  for (const input of inputs.values()) total += input.length;
  for (const [oldest, input] of inputs) {
    if (total <= maxBytes || oldest === digest) break;
    inputs.delete(oldest);
    total -= input.length;
  }
  return bytes;
}
