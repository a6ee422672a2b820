import type { Strategy } from '../strategy.ts';

/** Leases at which it expects canaries. */
const WARM_UP = 2;

export const lazy: Strategy = {
  name: 'lazy',
  about: 'computes its first two units, which may be canaries, then returns an old answer for everything',
  gang: 'alone',
  check: 'honest',
  compute: ({ brought }) => (brought < WARM_UP ? {} : { forge: 1, slow: 0.05 }),
};
