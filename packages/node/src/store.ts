import type { BlobDigest, JobId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { ResultLeaf, Salt } from '@reckon/protocol/model/attestation';
import type { Millis } from '@reckon/protocol/base/units';

/** A result the relay has not confirmed as stored. It survives reloads, so that finished work is never lost. */
export interface UnsentResult {
  leaf: ResultLeaf;
  /** Of its seal: kept with it, so that the same seal is sent and opened after a reload. */
  salt: Salt;
  jobId: JobId;
  bytes: Uint8Array;
  finishedAt: Millis;
}

/** Small JSON records. Read back as `unknown`: who reads one parses it. */
export type RecordName = 'consent' | 'settings' | 'history';

/**
 * What a node keeps between visits. Adapters: memory (testing), IndexedDB (`apps/web/src/node/storage.ts`), files
 * (`headless/file-store.ts`). Byte arrays given are copied or written before the promise resolves; those returned are the caller's.
 */
export interface NodeStore {
  /** The 32-byte session key, undefined before the first visit. */
  readKey(): Promise<Uint8Array | undefined>;
  writeKey(secretKey: Uint8Array): Promise<void>;
  readRecord(name: RecordName): Promise<unknown>;
  /** `value` must survive JSON. */
  writeRecord(name: RecordName, value: unknown): Promise<void>;
  deleteRecord(name: RecordName): Promise<void>;
  readBlob(digest: BlobDigest): Promise<Uint8Array | undefined>;
  /** Keeps a blob; the least recently used ones make room. One larger than the cap is not kept. */
  writeBlob(digest: BlobDigest, bytes: Uint8Array): Promise<void>;
  /** Forgets a blob that turned out to be wrong. */
  deleteBlob(digest: BlobDigest): Promise<void>;
  /** Lowers or raises the cap on cached blobs, evicting at once. */
  setBlobCap(bytes: number): Promise<void>;
  /** Oldest first. */
  listUnsent(): Promise<UnsentResult[]>;
  writeUnsent(result: UnsentResult): Promise<void>;
  deleteUnsent(workUnitId: WorkUnitId): Promise<void>;
  /** Deletes everything, the key included. */
  clear(): Promise<void>;
}
