import type { Strategy } from '../strategy.ts';
import { asAccomplices } from './gang.ts';

/** Verdicts after which a node may think that it is believed. */
const BELIEVED = 10;

/** Wrong only when it is likely not checked, as far as a node can tell: after its results begin to be accepted. */
export const whenUnchecked: Strategy = {
  name: 'when-unchecked',
  about: 'honest until ten of its results were accepted, then wrong with the chance 0.5; all work together',
  gang: 'all',
  check: 'confirm',
  compute: (sight) =>
    asAccomplices(sight) ?? (sight.agreed >= BELIEVED && sight.random.fraction() < 0.5 ? { forge: 1 } : {}),
};

/** The same for one that knows which units were computed before: canaries and rechecks do not catch it. */
export const informed: Strategy = {
  name: 'informed',
  about: 'knows which units nobody has computed, and is wrong in 0.3 of those; all work together',
  gang: 'all',
  check: 'confirm',
  compute: (sight) =>
    asAccomplices(sight) ?? (!sight.computedBefore && sight.random.fraction() < 0.3 ? { forge: 1 } : {}),
};
