import type { Random } from '../src/base/ports.ts';

/** Repeatable numbers for tests: mulberry32. Never for anything that must not be guessed. */
export interface SeededRandom extends Random {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
}

export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const u32 = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const fraction = () => u32() / 2 ** 32;
  const below = (limit: number) => Math.floor(fraction() * limit);
  return {
    u32,
    fraction,
    below,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    bytes: (length) => Uint8Array.from({ length }, () => u32() & 0xff),
  };
}
