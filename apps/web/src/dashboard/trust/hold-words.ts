import type { Standing } from '@reckon/protocol/wire/http-trust';
import { formatCount, plural } from '../../ui/format.ts';

/** Rewards are held back from those of whom little is known: said with the number, and with what ends it. Pure. */
export function holdWords({ verified, holdUntil }: Pick<Standing, 'verified' | 'holdUntil'>): string {
  return verified >= holdUntil
    ? `Rewards are paid as they are earned: ${plural(verified, 'result')} of yours ${verified === 1 ? 'was' : 'were'} checked and found right.`
    : `Rewards are held back until ${formatCount(holdUntil)} of your results were checked; ${formatCount(verified)} so far.`;
}
