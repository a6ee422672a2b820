import { hashBlob, sha256 } from '@reckon/protocol/base/hash';
import { toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import type { JobId, KernelDigest, WorkUnitId } from '@reckon/protocol/base/ids';
import { NO_TRACE } from '@reckon/protocol/model/attestation';
import { describe, expect, test } from 'vitest';
import type { NodeStore, UnsentResult } from '../src/store.ts';

const bytesOf = (text: string, length = 4) => new Uint8Array(length).fill(text.charCodeAt(0));
const hash = (text: string) => toHex(sha256(toUtf8(text)));

/** A result as an interrupted visit leaves it. */
export const unsentResult = (name: string, finishedAt = 1): UnsentResult => {
  const bytes = toUtf8(`result\nof ${name}`);
  return {
    leaf: {
      workUnitId: hash(name) as WorkUnitId,
      kernelDigest: hash('kernel') as KernelDigest,
      inputDigest: hash(`input of ${name}`),
      resultDigest: hashBlob(bytes),
      traceRoot: NO_TRACE,
    },
    salt: `0x${'5a'.repeat(16)}`,
    jobId: hash('job') as JobId,
    bytes,
    finishedAt,
  };
};

/** What every NodeStore must do. @param open a new, empty store each time, holding at most `capBytes` of blobs. */
export function acceptsNodeStore(name: string, open: (capBytes: number) => Promise<NodeStore>): void {
  describe(`${name} as a node's store`, () => {
    test('a key is absent before it is written and the same after', async () => {
      const store = await open(100);
      expect(await store.readKey()).toBeUndefined();
      await store.writeKey(bytesOf('k', 32));
      expect(await store.readKey()).toEqual(bytesOf('k', 32));
    });

    test('a record is what was last written, until it is deleted', async () => {
      const store = await open(100);
      expect(await store.readRecord('history')).toBeUndefined();
      await store.writeRecord('history', { log: [1, null, 'ä'] });
      await store.writeRecord('history', { log: [2] });
      expect(await store.readRecord('history')).toEqual({ log: [2] });
      await store.deleteRecord('history');
      expect(await store.readRecord('history')).toBeUndefined();
    });

    test('the least recently used blob makes room', async () => {
      const store = await open(12);
      const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((text) => bytesOf(text)) as [
        Uint8Array,
        Uint8Array,
        Uint8Array,
        Uint8Array,
      ];
      for (const blob of [a, b, c]) await store.writeBlob(hashBlob(blob), blob);
      expect(await store.readBlob(hashBlob(a))).toEqual(a);
      await store.writeBlob(hashBlob(d), d);
      expect(await store.readBlob(hashBlob(b))).toBeUndefined();
      for (const blob of [a, c, d]) expect(await store.readBlob(hashBlob(blob))).toEqual(blob);
    });

    test('a blob larger than the cap is not kept and evicts nothing', async () => {
      const store = await open(8);
      const small = bytesOf('s');
      const large = bytesOf('l', 9);
      await store.writeBlob(hashBlob(small), small);
      await store.writeBlob(hashBlob(large), large);
      expect(await store.readBlob(hashBlob(large))).toBeUndefined();
      expect(await store.readBlob(hashBlob(small))).toEqual(small);
    });

    test('lowering the cap evicts at once, and a deleted blob is gone', async () => {
      const store = await open(100);
      const [a, b] = [bytesOf('a'), bytesOf('b')];
      await store.writeBlob(hashBlob(a), a);
      await store.writeBlob(hashBlob(b), b);
      await store.setBlobCap(5);
      expect(await store.readBlob(hashBlob(a))).toBeUndefined();
      expect(await store.readBlob(hashBlob(b))).toEqual(b);
      await store.deleteBlob(hashBlob(b));
      expect(await store.readBlob(hashBlob(b))).toBeUndefined();
    });

    test('unsent results come back byte for byte, oldest first, until they are deleted', async () => {
      const store = await open(100);
      const [late, early] = [unsentResult('late', 9), unsentResult('early', 3)];
      await store.writeUnsent(late);
      await store.writeUnsent(early);
      expect(await store.listUnsent()).toEqual([early, late]);
      await store.deleteUnsent(early.leaf.workUnitId);
      expect(await store.listUnsent()).toEqual([late]);
    });

    test('bytes given to the store may be changed afterwards', async () => {
      const store = await open(100);
      const given = bytesOf('x');
      const digest = hashBlob(given);
      await store.writeBlob(digest, given);
      given.fill(0);
      expect(await store.readBlob(digest)).toEqual(bytesOf('x'));
    });

    test('clear leaves nothing and the store usable', async () => {
      const store = await open(100);
      const blob = bytesOf('b');
      await store.writeKey(bytesOf('k', 32));
      await store.writeRecord('settings', {});
      await store.writeBlob(hashBlob(blob), blob);
      await store.writeUnsent(unsentResult('u'));
      await store.clear();
      expect(await store.readKey()).toBeUndefined();
      expect(await store.readRecord('settings')).toBeUndefined();
      expect(await store.readBlob(hashBlob(blob))).toBeUndefined();
      expect(await store.listUnsent()).toEqual([]);
      await store.writeRecord('settings', { again: true });
      expect(await store.readRecord('settings')).toEqual({ again: true });
    });
  });
}
