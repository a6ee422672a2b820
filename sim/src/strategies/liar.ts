import type { Strategy } from '../strategy.ts';

export const lyingChecker: Strategy = {
  name: 'lying-checker',
  about: 'computes honestly and accuses whomever it checks',
  gang: 'alone',
  check: 'accuse',
  compute: () => ({}),
};
