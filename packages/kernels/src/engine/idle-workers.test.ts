import { expect, test } from 'vitest';
import { createIdleWorkers } from './idle-workers.ts';
import { type LiveWorker, startWorker } from './live-worker.ts';

const ended: string[] = [];
function worker(name: string, kind: 'own' | 'guest', program?: string, holds: string[] = []): LiveWorker {
  const nothing = () => undefined;
  const terminate = () => ended.push(name);
  const silent = { postMessage: nothing, onMessage: nothing, onError: nothing, terminate };
  return Object.assign(startWorker(silent, kind, program), { holds: new Set(holds) });
}
const none = new Set<string>();

test('a worker is taken for its own kind and program only', () => {
  const idle = createIdleWorkers();
  const [own, a, nameless] = [worker('own', 'own'), worker('a', 'guest', 'a'), worker('nameless', 'guest')];
  for (const live of [own, a, nameless]) idle.put(live);
  expect(idle.take({ kind: 'guest', program: 'b', blobs: none })).toBeUndefined();
  expect(idle.take({ kind: 'guest', program: undefined, blobs: none })).toBeUndefined();
  expect(idle.take({ kind: 'guest', program: 'a', blobs: none })).toBe(a);
  expect(idle.take({ kind: 'guest', program: 'a', blobs: none })).toBeUndefined();
  expect(idle.take({ kind: 'own', blobs: none })).toBe(own);
  expect(idle.count).toBe(1);
});

test('the one that holds the unit’s blobs is taken, else the last used', () => {
  const idle = createIdleWorkers();
  const [first, second, third] = [
    worker('1', 'own', undefined, ['x', 'y']),
    worker('2', 'own', undefined, ['x']),
    worker('3', 'own'),
  ];
  for (const live of [first, second, third]) idle.put(live);
  expect(idle.take({ kind: 'own', blobs: new Set(['x', 'y']) })).toBe(first);
  expect(idle.take({ kind: 'own', blobs: new Set(['z']) })).toBe(third);
  expect(idle.take({ kind: 'own', blobs: none })).toBe(second);
  expect(idle.take({ kind: 'own', blobs: none })).toBeUndefined();
});

test('broken workers are ended and never given; the longest waiting are ended first', () => {
  const idle = createIdleWorkers();
  const broken = worker('broken', 'own');
  for (const live of [worker('old', 'own'), broken, worker('new', 'guest', 'a')]) idle.put(live);
  broken.failure = { kind: 'crashed', cause: 'gone' };
  ended.length = 0;
  idle.take({ kind: 'guest', program: 'b', blobs: none });
  expect(ended).toEqual(['broken']);
  idle.shrink(1);
  expect(ended).toEqual(['broken', 'old']);
  idle.shrink(-3);
  expect(ended).toEqual(['broken', 'old', 'new']);
  expect(idle.count).toBe(0);
});
