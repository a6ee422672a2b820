import type { AbortSignal, Clock } from '../src/base/ports.ts';

/** A clock that only moves when told, and what is to happen at which time. */
export interface VirtualTime extends Clock {
  /** Runs `action` after `ms` of virtual time; returns how to call it off. */
  after(ms: number, action: () => void): () => void;
  /** Runs what is due next, at its time; false when nothing waits. Settles promises in between. */
  step(): Promise<boolean>;
  /** Steps until `done`, or throws when nothing is left to happen or `limitMs` has passed. */
  runUntil(done: () => boolean, limitMs: number): Promise<void>;
}

interface Timer {
  at: number;
  order: number;
  action: () => void;
}

const earlier = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap: thousands of timers wait at once in a simulation. */
function createHeap() {
  const items: Timer[] = [];
  const swap = (i: number, j: number) => {
    [items[i], items[j]] = [items[j] as Timer, items[i] as Timer];
  };
  return {
    push(timer: Timer): void {
      let i = items.push(timer) - 1;
      for (let up = (i - 1) >> 1; i > 0 && earlier(items[i] as Timer, items[up] as Timer); up = (i - 1) >> 1) {
        swap(i, up);
        i = up;
      }
    },
    pop(): Timer | undefined {
      const first = items[0];
      const last = items.pop();
      if (first === undefined || last === undefined || items.length === 0) return first;
      items[0] = last;
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        const right = left + 1;
        let least = i;
        if (left < items.length && earlier(items[left] as Timer, items[least] as Timer)) least = left;
        if (right < items.length && earlier(items[right] as Timer, items[least] as Timer)) least = right;
        if (least === i) return first;
        swap(i, least);
        i = least;
      }
    },
  };
}

/** @param settle lets pending promises run; a real turn of the event loop, such as `setImmediate`. */
export function createVirtualTime(start: number, settle: () => Promise<void>): VirtualTime {
  const heap = createHeap();
  let now = start;
  let order = 0;
  const after = (ms: number, action: () => void) => {
    const timer: Timer = { at: now + Math.max(0, ms), order: order++, action };
    heap.push(timer);
    return () => {
      timer.action = () => {};
    };
  };
  const step = async () => {
    const timer = heap.pop();
    if (timer === undefined) return false;
    now = timer.at;
    timer.action();
    await settle();
    return true;
  };
  return {
    // Whole milliseconds, as real clocks give them.
    now: () => Math.floor(now),
    after,
    step,
    sleep: (ms, signal?: AbortSignal) =>
      new Promise((resolve, reject) => {
        const cancel = after(ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(signal.reason);
        });
      }),
    async runUntil(done, limitMs) {
      const end = now + limitMs;
      while (!done()) {
        if (now > end) throw new Error(`not done after ${limitMs} ms of virtual time`);
        if (!(await step())) throw new Error('nothing is left to happen');
      }
    },
  };
}
