import type { Strategy } from '../strategy.ts';

export const late: Strategy = {
  name: 'late',
  about: 'brings right results after ten times the time, mostly when its lease is over',
  gang: 'alone',
  check: 'honest',
  compute: () => ({ slow: 10 }),
};
