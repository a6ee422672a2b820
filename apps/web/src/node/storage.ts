import type { NodeStore, RecordName, UnsentResult } from '@reckon/node/store';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

interface Schema extends DBSchema {
  keys: { key: number; value: Uint8Array };
  records: { key: [number, RecordName]; value: string };
  unsent: { key: [number, string]; value: UnsentResult };
  /** Bytes apart from what is known of them, so that counting does not read them. */
  blobs: { key: string; value: Uint8Array };
  uses: { key: string; value: { size: number; usedAt: number }; indexes: { usedAt: number } };
}

const openDatabase = (name: string): Promise<IDBPDatabase<Schema>> =>
  openDB<Schema>(name, 1, {
    upgrade(db) {
      for (const store of ['keys', 'records', 'unsent', 'blobs'] as const) db.createObjectStore(store);
      db.createObjectStore('uses').createIndex('usedAt', 'usedAt');
    },
  });

export interface StorageOptions {
  /** Which of this browser's nodes: each tab has its own key, results and history; cached blobs are shared. */
  slot: number;
  blobCapBytes: number;
  name?: string;
}

/** A node's memory in IndexedDB. */
export async function openStorage({ slot, blobCapBytes, name = 'reckon-node' }: StorageOptions): Promise<NodeStore> {
  const db = await openDatabase(name);
  let cap = blobCapBytes;
  let lastUse = 0;
  /** Strictly growing, so that the order of use is one. */
  const useTime = () => {
    lastUse = Math.max(lastUse + 1, Date.now());
    return lastUse;
  };
  const mine = IDBKeyRange.bound([slot, ''], [slot, '\uffff']);

  async function evict(): Promise<void> {
    const tx = db.transaction(['blobs', 'uses'], 'readwrite');
    let total = 0;
    for (const { size } of await tx.objectStore('uses').getAll()) total += size;
    for (let use = await tx.objectStore('uses').index('usedAt').openCursor(); use !== null && total > cap; ) {
      total -= use.value.size;
      await tx.objectStore('blobs').delete(use.primaryKey);
      await use.delete();
      use = await use.continue();
    }
    await tx.done;
  }

  async function dropBlob(digest: string): Promise<void> {
    const tx = db.transaction(['blobs', 'uses'], 'readwrite');
    await Promise.all([tx.objectStore('blobs').delete(digest), tx.objectStore('uses').delete(digest), tx.done]);
  }

  return {
    readKey: () => db.get('keys', slot),
    async writeKey(key) {
      await db.put('keys', key, slot);
    },
    async readRecord(record) {
      const text = await db.get('records', [slot, record]);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async writeRecord(record, value) {
      await db.put('records', JSON.stringify(value), [slot, record]);
    },
    deleteRecord: (record) => db.delete('records', [slot, record]),
    async readBlob(digest) {
      const tx = db.transaction(['blobs', 'uses'], 'readwrite');
      const bytes = await tx.objectStore('blobs').get(digest);
      if (bytes !== undefined) await tx.objectStore('uses').put({ size: bytes.length, usedAt: useTime() }, digest);
      await tx.done;
      return bytes;
    },
    async writeBlob(digest, bytes) {
      if (bytes.length > cap) return;
      const tx = db.transaction(['blobs', 'uses'], 'readwrite');
      await Promise.all([
        tx.objectStore('blobs').put(bytes, digest),
        tx.objectStore('uses').put({ size: bytes.length, usedAt: useTime() }, digest),
        tx.done,
      ]);
      await evict();
    },
    deleteBlob: dropBlob,
    async setBlobCap(bytes) {
      cap = bytes;
      await evict();
    },
    async listUnsent() {
      const results = await db.getAll('unsent', mine);
      return results.sort((a, b) => a.finishedAt - b.finishedAt);
    },
    async writeUnsent(result) {
      await db.put('unsent', result, [slot, result.leaf.workUnitId]);
    },
    deleteUnsent: (workUnitId) => db.delete('unsent', [slot, workUnitId]),
    async clear() {
      const tx = db.transaction(['keys', 'records', 'unsent', 'blobs', 'uses'], 'readwrite');
      await Promise.all([
        tx.objectStore('keys').delete(slot),
        tx.objectStore('records').delete(mine),
        tx.objectStore('unsent').delete(mine),
        tx.objectStore('blobs').clear(),
        tx.objectStore('uses').clear(),
        tx.done,
      ]);
    },
  };
}
