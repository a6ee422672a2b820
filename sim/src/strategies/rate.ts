import type { Strategy } from '../strategy.ts';

/** Wrong at rate s, alone. */
export const wrongAtRate = (s: number): Strategy => ({
  name: `rate-${s}`,
  about: `brings a wrong result with the chance ${s}; on its own`,
  gang: 'alone',
  check: 'honest',
  compute: ({ random }) => (random.fraction() < s ? { forge: 1 } : {}),
});
