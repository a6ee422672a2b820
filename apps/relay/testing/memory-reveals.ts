import { createRevealIndex, type RevealStore } from '../src/reveals/reveal-store.ts';

/** Reveals in memory. Hand the store to another world to play a restart. */
export function createMemoryReveals(): RevealStore {
  const index = createRevealIndex();
  return {
    put: async (reveal) => index.add(reveal),
    of: index.of,
    units: index.units,
    drop: (workUnitId) => void index.drop(workUnitId),
    close() {},
  };
}
