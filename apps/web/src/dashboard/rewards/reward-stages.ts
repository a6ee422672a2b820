import type { AccountSummary } from '@reckon/protocol/wire/http';
import type { Wei } from '@reckon/protocol/base/units';
import { formatRelative } from '../../ui/format.ts';

/** What an account has earned, each token in exactly one place on its way to the wallet. */
export interface RewardStages {
  /** Not in an epoch yet. */
  earned: Wei;
  /** In an epoch that is not final. */
  settling: Wei;
  claimable: Wei;
  claimed: Wei;
}

const atLeastZero = (wei: bigint): Wei => (wei > 0n ? wei : 0n);

/** @param claimed what the contract has paid so far. Pure. */
export function rewardStages(account: AccountSummary, claimed: Wei): RewardStages {
  const final = account.claim?.cumulative ?? 0n;
  return {
    earned: account.pending,
    settling: atLeastZero(account.settled - final),
    claimable: atLeastZero(final - claimed),
    claimed,
  };
}

/** The epoch that will be final next among those with something of this account's; undefined when none is on its way. */
export const nextFinal = (account: AccountSummary): AccountSummary['history'][number] | undefined =>
  account.history
    .filter(({ status }) => status === 'sealed' || status === 'posted')
    .sort((a, b) => a.epoch - b.epoch)[0];

/** What the first stage waits for. */
export const earnedWords = (stages: RewardStages, epochMs: number): string =>
  stages.earned === 0n ? 'nothing waits' : `joins an epoch ${formatRelative(epochMs, 0)} or sooner`;

/** What the second stage waits for: to be posted, or for the challenge window's end as the contract tells it. */
export function settlingWords(account: AccountSummary, finalAt: number | undefined, now: number): string {
  const next = nextFinal(account);
  if (next === undefined) return 'nothing waits';
  if (next.status === 'sealed') return `epoch ${next.epoch} is being posted on the chain`;
  if (finalAt === undefined) return `epoch ${next.epoch} is in its challenge window`;
  // The contract's time has come, and the relay's next look at the chain has not.
  if (finalAt <= now + 1000) return `epoch ${next.epoch} becomes final now`;
  return `epoch ${next.epoch} becomes final ${formatRelative(finalAt, now)}`;
}
