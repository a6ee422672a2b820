import type { Address, Hash } from '../base/ids.ts';
import type { Wei } from '../base/units.ts';
import { type Difference, differ } from './difference.ts';

/** A sealed epoch as the replay found it. */
export interface ReplayedEpoch {
  readonly epoch: number;
  /** Its `epoch.sealed` entry. */
  readonly index: number;
  readonly claimsRoot: Hash;
  readonly receiptsRoot: Hash;
  /** The log's root over the entries before it. */
  readonly journalRoot: Hash;
  readonly totalCumulative: Wei;
  readonly accounts: number;
  /** What the journal says of its posting, once it does. */
  readonly posted?: { readonly index: number; readonly tx: Hash; readonly block: number };
}

/** Everything an account has earned up to the newest sealed epoch. */
export interface Balance {
  readonly account: Address;
  readonly cumulative: Wei;
}

/** What the Settlement contract holds for one epoch. */
export interface PostedEpoch {
  readonly epoch: number;
  readonly claimsRoot: Hash;
  readonly receiptsRoot: Hash;
  readonly journalRoot: Hash;
  /** Sum of all claims, where the posting's event was read. */
  readonly totalCumulative?: Wei;
}

const FIELDS = [
  ['claimsRoot', 'the claims root'],
  ['receiptsRoot', 'the receipts root'],
  ['journalRoot', 'the journal root'],
] as const;

/** The first thing the chain holds of an epoch that is not what the journal leads to; `expected` is the journal's. */
export function compareEpoch(replayed: ReplayedEpoch, posted: PostedEpoch): Difference | undefined {
  const { index, epoch } = replayed;
  for (const [field, name] of FIELDS) {
    const [expected, received] = [replayed[field], posted[field]];
    if (expected !== received) {
      return differ({ index, what: `${name} of epoch ${epoch} on chain`, expected, received }, epoch);
    }
  }
  const total = posted.totalCumulative;
  if (total === undefined || total === replayed.totalCumulative) return undefined;
  const [expected, received] = [`${replayed.totalCumulative} wei`, `${total} wei`];
  return differ({ index, what: `the sum of all claims of epoch ${epoch} on chain`, expected, received }, epoch);
}
