import type { Clock } from '@reckon/protocol/base/ports';

export interface Bucket {
  /** False when it is empty. */
  take(): boolean;
  /** Adds tokens that were earned; they are used after the others and do not run off. */
  earn(count: number): void;
}

/** Most earned tokens that are kept. */
const MAX_EARNED = 100_000;

/** A token bucket: `burst` at once, `perSecond` on average, and what was earned besides. */
export function createBucket(clock: Clock, perSecond: number, burst: number): Bucket {
  let tokens = burst;
  let earned = 0;
  let last = clock.now();
  return {
    take() {
      const now = clock.now();
      tokens = Math.min(burst, tokens + (Math.max(0, now - last) / 1000) * perSecond);
      last = now;
      if (tokens >= 1) tokens -= 1;
      else if (earned >= 1) earned -= 1;
      else return false;
      return true;
    },
    earn(count) {
      earned = Math.min(MAX_EARNED, earned + count);
    },
  };
}
