import type { Strategy } from '../strategy.ts';
import { asAccomplices } from './gang.ts';

export const colludingPair: Strategy = {
  name: 'pair',
  about: 'two and two work together: wrong with the chance 0.3, and confirm each other',
  gang: 'pair',
  check: 'confirm',
  compute: (sight) => asAccomplices(sight) ?? (sight.random.fraction() < 0.3 ? { forge: 1 } : {}),
};
