import type { Strategy } from './strategy.ts';
import { alwaysWrong } from './strategies/always-wrong.ts';
import { copycat } from './strategies/copycat.ts';
import { colluding } from './strategies/gang.ts';
import { late } from './strategies/late.ts';
import { lazy } from './strategies/lazy.ts';
import { lyingChecker } from './strategies/liar.ts';
import { colludingPair } from './strategies/pair.ts';
import { wrongAtRate } from './strategies/rate.ts';
import { informed, whenUnchecked } from './strategies/unchecked.ts';
import { whitewashing } from './strategies/whitewashing.ts';
import { withholding } from './strategies/withholding.ts';

/** Every strategy the laboratory tries. */
export const STRATEGIES: readonly Strategy[] = [
  alwaysWrong,
  wrongAtRate(0.3),
  colluding(1),
  colluding(0.3),
  colluding(1, 0.1),
  colluding(0.3, 0.1),
  colludingPair,
  whenUnchecked,
  informed,
  copycat,
  late,
  withholding,
  whitewashing,
  lyingChecker,
  lazy,
];
