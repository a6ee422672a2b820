import type { BlobDigest, WorkUnitId } from '@reckon/protocol/base/ids';
import type { NodeStore, RecordName, UnsentResult } from '../src/store.ts';

/** A store that forgets with its process. */
export function createMemoryStore(blobCapBytes = 1024 ** 2): NodeStore {
  let key: Uint8Array | undefined;
  let cap = blobCapBytes;
  const records = new Map<RecordName, string>();
  const blobs = new Map<BlobDigest, Uint8Array>();
  const unsent = new Map<WorkUnitId, UnsentResult>();
  const evict = () => {
    let total = [...blobs.values()].reduce((sum, bytes) => sum + bytes.length, 0);
    for (const [digest, bytes] of blobs) {
      if (total <= cap) break;
      blobs.delete(digest);
      total -= bytes.length;
    }
  };
  return {
    readKey: async () => key?.slice(),
    async writeKey(secretKey) {
      key = secretKey.slice();
    },
    async readRecord(name) {
      const text = records.get(name);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async writeRecord(name, value) {
      records.set(name, JSON.stringify(value));
    },
    async deleteRecord(name) {
      records.delete(name);
    },
    async readBlob(digest) {
      const bytes = blobs.get(digest);
      if (bytes === undefined) return undefined;
      blobs.delete(digest);
      blobs.set(digest, bytes);
      return bytes.slice();
    },
    async writeBlob(digest, bytes) {
      if (bytes.length > cap) return;
      blobs.delete(digest);
      blobs.set(digest, bytes.slice());
      evict();
    },
    async deleteBlob(digest) {
      blobs.delete(digest);
    },
    async setBlobCap(bytes) {
      cap = bytes;
      evict();
    },
    listUnsent: async () =>
      [...unsent.values()]
        .map((result) => ({ ...result, bytes: result.bytes.slice() }))
        .sort((a, b) => a.finishedAt - b.finishedAt),
    async writeUnsent(result) {
      unsent.set(result.leaf.workUnitId, { ...result, bytes: result.bytes.slice() });
    },
    async deleteUnsent(workUnitId) {
      unsent.delete(workUnitId);
    },
    async clear() {
      key = undefined;
      records.clear();
      blobs.clear();
      unsent.clear();
    },
  };
}
