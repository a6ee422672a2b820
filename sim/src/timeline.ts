import type { Millis } from '@reckon/protocol/base/units';

/** Virtual time: what is to happen, in order of time and then of being planned. A binary heap. */
export interface Timeline {
  readonly now: Millis;
  /** Plans `run` for a time, now at the earliest. */
  plan(at: Millis, run: () => void): void;
  /** Lets the next thing happen; false when nothing is planned. */
  next(): boolean;
}

interface Planned {
  readonly at: Millis;
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (a: Planned, b: Planned): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export function createTimeline(): Timeline {
  const heap: Planned[] = [];
  let now = 0;
  let planned = 0;

  function rise(from: number): void {
    const item = heap[from] as Planned;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(item, heap[parent] as Planned)) break;
      heap[at] = heap[parent] as Planned;
      at = parent;
    }
    heap[at] = item;
  }

  function sink(item: Planned): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Planned, heap[child] as Planned)) child += 1;
      if (!isBefore(heap[child] as Planned, item)) break;
      heap[at] = heap[child] as Planned;
      at = child;
    }
    heap[at] = item;
  }

  return {
    get now() {
      return now;
    },
    plan(at, run) {
      heap.push({ at: Math.max(now, Math.round(at)), order: planned++, run });
      rise(heap.length - 1);
    },
    next() {
      const first = heap[0];
      if (first === undefined) return false;
      const last = heap.pop() as Planned;
      if (heap.length > 0) sink(last);
      now = first.at;
      first.run();
      return true;
    },
  };
}
