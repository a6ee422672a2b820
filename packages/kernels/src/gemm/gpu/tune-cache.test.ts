import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { openTuneCache } from './tune-cache.ts';
import type { Score } from './tuner.ts';

const scores = new Map<string, Score>([
  ['direct-8x8-4x4-1', { ms: 1.25 }],
  ['shared-8x8-4x4-32', { failed: 'row 0, column 0 is 0' }],
]);

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

test('all scores are there on the next visit, each key its own', async () => {
  await openTuneCache().write('nvidia|ampere', scores);
  expect(await openTuneCache().read('nvidia|ampere')).toEqual(scores);
  expect(await openTuneCache().read('apple|metal-3')).toEqual(new Map());
});

test.each([
  ['text', 'spoiled'],
  ['an older form', { 'direct-8x8-4x4-1': 1.25 }],
  ['a negative time', [['direct-8x8-4x4-1', { ms: -1 }, 0]]],
  ['no number', [['direct-8x8-4x4-1', { ms: Number.NaN }, 0]]],
  ['an endless name', [['x'.repeat(61), { ms: 1 }, 0]]],
  ['too many', Array.from({ length: 101 }, (_, i) => [`${i}`, { ms: 1 }, 0])],
  ['of no day', [['direct-8x8-4x4-1', { failed: 'no' }]]],
  ['both', [['direct-8x8-4x4-1', { ms: 1, failed: 'no' }, 0]]],
])('an entry that is %s is ignored, and can be written again', async (_, entry) => {
  await openTuneCache().write('key', scores);
  const db = await openDB('reckon-tuning', 1);
  await db.put('scores', entry, 'key');
  db.close();
  const cache = openTuneCache();
  expect(await cache.read('key')).toEqual(new Map());
  await cache.write('key', scores);
  expect(await openTuneCache().read('key')).toEqual(scores);
});

test.each([false, true])(
  'a failure is forgotten after a day, a measured time is not; IndexedDB: %s',
  async (available) => {
    const hour = 60 * 60 * 1000;
    let hours = 1_000_000;
    const open = () => openTuneCache(available, 500, () => hours * hour);
    const kept = open();
    const cache = () => (available ? open() : kept);
    await kept.write('key', scores);
    hours += 23;
    const seen = await cache().read('key');
    expect(seen).toEqual(scores);
    // What was known and is written again with other scores is no newer for it.
    await kept.write('key', new Map([...seen, ['direct-16x16-4x4-1', { failed: 'late' }]]));
    hours += 2;
    expect([...(await cache().read('key')).keys()]).toEqual(['direct-8x8-4x4-1', 'direct-16x16-4x4-1']);
    hours += 24;
    expect(await cache().read('key')).toEqual(new Map([['direct-8x8-4x4-1', { ms: 1.25 }]]));
    // A failure that comes again lasts a day again.
    await kept.write('key', scores);
    hours += 23;
    expect(await cache().read('key')).toEqual(scores);
  },
);

test('without IndexedDB, as in Node, scores last for the visit', async () => {
  const cache = openTuneCache(false);
  await cache.write('key', scores);
  expect(await cache.read('key')).toEqual(scores);
  expect(await openTuneCache(false).read('key')).toEqual(new Map());
});

test.each([
  [
    'refuses',
    () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    },
  ],
  ['never answers', () => ({ addEventListener: () => undefined })],
])('a browser that %s is done without', async (_, open) => {
  vi.spyOn(indexedDB, 'open').mockImplementation(open as never);
  const cache = openTuneCache(true, 5);
  expect(await cache.read('key')).toEqual(new Map());
  await cache.write('key', scores);
  expect(await cache.read('key')).toEqual(scores);
});

test('a full disk is no failure of the run', async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('No room.', 'QuotaExceededError');
  });
  const cache = openTuneCache();
  await cache.write('key', scores);
  expect(await cache.read('key')).toEqual(scores);
  expect(put).toHaveBeenCalled();
  put.mockRestore();
});
