import { type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
import { systemClock } from '../../engine/system-clock.ts';
import type { Score } from './tuner.ts';

/** Scores by plan name. */
export type Scores = ReadonlyMap<string, Score>;

/** Keeps what was measured, all of it, under a key that names the adapter, the browser, the code and the kind of product. */
export interface TuneCache {
  /** Never rejects; nothing known is an empty map. */
  read(key: string): Promise<Scores>;
  /** Never rejects: what cannot be stored is remembered for the visit. */
  write(key: string, scores: Scores): Promise<void>;
}

const STORE = 'scores';
/** How long a failure is believed: a driver may be mended, and what looked like its fault may have been another's. */
const FAILED_MS = 24 * 60 * 60 * 1000;
/** A browser that does not answer for so long is taken for one that refuses. */
const PATIENCE_MS = 500;

const Entry = v.pipe(
  v.array(
    v.tuple([
      v.pipe(v.string(), v.maxLength(60)),
      v.union([
        v.strictObject({ ms: v.pipe(v.number(), v.finite(), v.minValue(0)) }),
        v.strictObject({ failed: v.pipe(v.string(), v.maxLength(200)) }),
      ]),
      // When it was written first, in ms since 1970.
      v.pipe(v.number(), v.finite(), v.minValue(0)),
    ]),
  ),
  v.maxLength(100),
);

interface Dated {
  score: Score;
  since: number;
}

/**
 * A cache in IndexedDB, with memory in front of it, and alone where IndexedDB is absent (Node), refused or full. What is
 * found there may be of another version or spoiled: it is parsed, and ignored when it does not fit. Failures are forgotten
 * after a day.
 */
export function openTuneCache(
  available = 'indexedDB' in globalThis,
  patienceMs = PATIENCE_MS,
  now: () => number = systemClock.now,
): TuneCache {
  const memory = new Map<string, ReadonlyMap<string, Dated>>();
  let opened: Promise<IDBPDatabase | undefined> | undefined;
  const database = () => (opened ??= available ? inTime(open(), patienceMs) : Promise.resolve(undefined));
  /** A clock that was set back makes no failure last longer. */
  const holds = ({ score, since }: Dated) => !('failed' in score) || Math.abs(now() - since) < FAILED_MS;
  const current = (entries: ReadonlyMap<string, Dated>): Scores =>
    new Map([...entries].filter(([, entry]) => holds(entry)).map(([name, { score }]) => [name, score]));
  return {
    async read(key) {
      const known = memory.get(key);
      if (known) return current(known);
      const stored = await inTime(
        database().then((db) => db?.get(STORE, key) as Promise<unknown>),
        patienceMs,
      );
      const parsed = v.safeParse(Entry, stored);
      const found = parsed.success ? parsed.output : [];
      // Another read or write of the same key may have come first.
      if (!memory.has(key)) memory.set(key, new Map(found.map(([name, score, since]) => [name, { score, since }])));
      return current(memory.get(key) as ReadonlyMap<string, Dated>);
    },
    async write(key, scores) {
      const before = memory.get(key);
      const dated = new Map<string, Dated>();
      for (const [name, score] of scores) {
        const old = before?.get(name);
        const same = old !== undefined && 'failed' in score && 'failed' in old.score && holds(old);
        dated.set(name, same ? old : { score, since: now() });
      }
      memory.set(key, dated);
      const entry = [...dated].map(([name, { score, since }]) => [name, score, since]);
      await inTime(
        database().then((db) => db?.put(STORE, entry, key)),
        patienceMs,
      );
    },
  };
}

/** Asynchronous, since a page of an opaque origin is refused by a plain throw. */
const open = async (): Promise<IDBPDatabase> =>
  openDB('reckon-tuning', 1, {
    upgrade(db) {
      db.createObjectStore(STORE);
    },
  });

/** The outcome; undefined when it fails or takes too long. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
