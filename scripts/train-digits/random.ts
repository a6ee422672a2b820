/** Seeded random numbers, so that a run can be repeated. */
export interface SeededRandom {
  /** In [0, 1). */
  unit(): number;
  /** In [low, high). */
  between(low: number, high: number): number;
  /** Standard normal. */
  normal(): number;
  /** In place, Fisher-Yates. */
  shuffle(items: Uint32Array): void;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, plenty for shuffles and starting weights. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    unit,
    between: (low, high) => low + (high - low) * unit(),
    // Box-Muller; 1 - unit() keeps the logarithm's argument above 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = Math.floor(unit() * (i + 1));
        const held = items[i] as number;
        items[i] = items[j] as number;
        items[j] = held;
      }
    },
  };
}
