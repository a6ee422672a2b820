/** Finds out in use which of some ways to the same result is faster on this device. */
export interface FasterOf<T extends string> {
  /** The way to take now: one that was not timed often enough yet, or the fastest; the least timed now and then. */
  pick(): T;
  /** A way took so many ms for so much work, in a unit of the caller's. */
  note(way: T, work: number, ms: number): void;
}

/** Times of each way before it is judged. The first runs of a module are slow, until its code has been optimised. */
const SAMPLES = 4;
/** Of so many runs one tries the least timed way again, which may have been judged while its code was slow. */
const AGAIN = 16;
/** Runs shorter than this say nothing, in ms: browsers blur their clocks. */
const LEAST_MS = 0.5;

export function createFasterOf<T extends string>(ways: readonly [T, ...T[]]): FasterOf<T> {
  const seen = new Map<T, { samples: number; best: number }>(ways.map((way) => [way, { samples: 0, best: 0 }]));
  const samples = (way: T) => seen.get(way)?.samples ?? 0;
  const best = (way: T) => seen.get(way)?.best ?? 0;
  let picks = 0;
  return {
    pick() {
      picks++;
      const untried = ways.toSorted((a, b) => samples(a) - samples(b))[0] as T;
      return samples(untried) < SAMPLES || picks % AGAIN === 0
        ? untried
        : ways.reduce((a, b) => (best(b) > best(a) ? b : a));
    },
    note(way, work, ms) {
      const entry = seen.get(way);
      if (entry === undefined || ms < LEAST_MS) return;
      entry.samples++;
      entry.best = Math.max(entry.best, work / ms);
    },
  };
}
