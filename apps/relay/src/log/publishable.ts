import type { Clock } from '@reckon/protocol/base/ports';
import type { Millis } from '@reckon/protocol/base/units';
import type { BatchListener } from '../batch.ts';

/**
 * Counts the journal's entries that are old enough to be public. Younger ones would show which units run where, and so
 * whose results are checked.
 */
export function createPublishable(clock: Clock, lagMs: Millis): { listener: BatchListener; count(): number } {
  let waiting: { through: number; at: Millis }[] = [];
  let count = 0;
  return {
    listener({ firstIndex, events }) {
      const entry = { through: firstIndex + events.length, at: events.at(-1)?.at ?? 0 };
      return () => {
        waiting.push(entry);
        // A replay brings a whole journal: what is old already need not wait.
        if (waiting.length > 1024) release();
      };
    },
    count() {
      release();
      return count;
    },
  };

  function release(): void {
    const until = clock.now() - lagMs;
    const young = waiting.findIndex(({ at }) => at > until);
    const old = young < 0 ? waiting : waiting.slice(0, young);
    waiting = young < 0 ? [] : waiting.slice(young);
    count = old.at(-1)?.through ?? count;
  }
}
