import type { Strategy } from '../strategy.ts';

export const withholding: Strategy = {
  name: 'withholding',
  about: 'seals results and never shows them; does not answer checks',
  gang: 'alone',
  check: 'never',
  compute: () => ({ hide: true }),
};
