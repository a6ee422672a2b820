import type { Random } from '@reckon/protocol/base/ports';

/** Keeps `size` of all it is shown, each with the same chance (Vitter 1985, algorithm R). */
export interface Reservoir<T> {
  offer(value: T): void;
  readonly kept: readonly T[];
  readonly seen: number;
}

export function createReservoir<T>(size: number, random: Random): Reservoir<T> {
  const kept: T[] = [];
  let seen = 0;
  return {
    kept,
    get seen() {
      return seen;
    },
    offer(value) {
      seen += 1;
      if (kept.length < size) return void kept.push(value);
      // The bias of one 32-bit draw over a few millions is far below anything a sample of a few could show.
      const place = random.u32() % seen;
      if (place < size) kept[place] = value;
    },
  };
}
