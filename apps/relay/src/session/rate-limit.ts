import type { Clock } from '@reckon/protocol/base/ports';

/** A token bucket: `burst` at once, `perSecond` on average. `take` is false when it is empty. */
export function createBucket(clock: Clock, perSecond: number, burst: number): { take(): boolean } {
  let tokens = burst;
  let last = clock.now();
  return {
    take() {
      const now = clock.now();
      tokens = Math.min(burst, tokens + (Math.max(0, now - last) / 1000) * perSecond);
      last = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
