import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concat, fromHex, type Hex, toHex, toUtf8, u32be } from './bytes.ts';
import { MAX_SHORT_BYTES, shortSha256 } from './short-sha256.ts';
import type { BlobDigest, JobId, WorkUnitId } from './ids.ts';

/** The only importer of hash functions. Each function is named by its purpose; domain tags keep purposes apart. */

export const keccak = (bytes: Uint8Array): Uint8Array => keccak_256(bytes);
export const keccakHex = (bytes: Uint8Array): Hex => toHex(keccak_256(bytes));
export const sha256 = (bytes: Uint8Array): Uint8Array =>
  bytes.length <= MAX_SHORT_BYTES ? shortSha256(bytes) : nobleSha256(bytes);

/** Incremental SHA-256, for blobs that arrive in chunks. */
export const createSha256 = (): { update(chunk: Uint8Array): unknown; digest(): Uint8Array } => nobleSha256.create();

export const hashBlob = (bytes: Uint8Array): BlobDigest => toHex(nobleSha256(bytes)) as BlobDigest;

export function hashWorkUnit(jobId: JobId, stage: number, index: number): WorkUnitId {
  return keccakHex(concat(fromHex(jobId), u32be(stage), u32be(index))) as WorkUnitId;
}

const UNIT_INPUT_TAG = toUtf8('reckon:unit-input:v1');

/** Digest of all a work unit reads: its parameters as the literal JSON text, then its blobs by name, in order. */
export function hashUnitInput(params: string, blobs: readonly { name: string; digest: BlobDigest }[]): Hex {
  const text = toUtf8(params);
  const parts = blobs.flatMap(({ name, digest }) => {
    const bytes = toUtf8(name);
    return [u32be(bytes.length), bytes, fromHex(digest)];
  });
  return toHex(nobleSha256(concat(UNIT_INPUT_TAG, u32be(text.length), text, u32be(blobs.length), ...parts)));
}
