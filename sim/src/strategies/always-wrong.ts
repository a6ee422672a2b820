import type { Strategy } from '../strategy.ts';

export const alwaysWrong: Strategy = {
  name: 'always-wrong',
  about: 'brings nothing but wrong results; on its own',
  gang: 'alone',
  check: 'honest',
  compute: () => ({ forge: 1 }),
};
