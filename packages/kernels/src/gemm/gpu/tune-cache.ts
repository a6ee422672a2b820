import { type IDBPDatabase, openDB } from 'idb';
import * as v from 'valibot';
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
    ]),
  ),
  v.maxLength(100),
);

/**
 * A cache in IndexedDB, with memory in front of it, and alone where IndexedDB is absent (Node), refused or full. What is
 * found there may be of another version or spoiled: it is parsed, and ignored when it does not fit.
 */
export function openTuneCache(available = 'indexedDB' in globalThis, patienceMs = PATIENCE_MS): TuneCache {
  const memory = new Map<string, Scores>();
  let opened: Promise<IDBPDatabase | undefined> | undefined;
  const database = () => (opened ??= available ? inTime(open(), patienceMs) : Promise.resolve(undefined));
  return {
    async read(key) {
      const known = memory.get(key);
      if (known) return known;
      const stored = await inTime(
        database().then((db) => db?.get(STORE, key) as Promise<unknown>),
        patienceMs,
      );
      const parsed = v.safeParse(Entry, stored);
      const scores: Scores = new Map(parsed.success ? parsed.output : []);
      // Another read or write of the same key may have come first.
      if (!memory.has(key)) memory.set(key, scores);
      return memory.get(key) as Scores;
    },
    async write(key, scores) {
      memory.set(key, scores);
      await inTime(
        database().then((db) => db?.put(STORE, [...scores], key)),
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
