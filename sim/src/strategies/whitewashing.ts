import type { Strategy } from '../strategy.ts';
import { asAccomplices } from './gang.ts';

export const whitewashing: Strategy = {
  name: 'whitewashing',
  about: 'wrong with the chance 0.3; when caught, comes back at once under a fresh key; all work together',
  gang: 'all',
  returns: true,
  check: 'confirm',
  compute: (sight) => asAccomplices(sight) ?? (sight.random.fraction() < 0.3 ? { forge: 1 } : {}),
};
