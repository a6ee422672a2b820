import type { Address, Hash } from '@reckon/protocol/base/ids';
import { claimPath } from '@reckon/protocol/machine/claims';
import type { AccountSummary, EpochStatus } from '@reckon/protocol/wire/http';
import { newestClaims } from '../projector.ts';
import type { ReadDb } from '../schema.ts';
import { type StandingOf, toNodeSummary } from './nodes.ts';

const HISTORY = 50;

/** The claim an account can make now: by the newest final epoch's tree, rebuilt as it was sealed. */
async function claimOf(db: ReadDb, account: Address): Promise<AccountSummary['claim']> {
  const final = await db
    .selectFrom('epochs')
    .select((eb) => eb.fn.max('epoch').as('epoch'))
    .where('status', '=', 'final')
    .executeTakeFirst();
  if (final === undefined || final.epoch === null) return null;
  const rows = await newestClaims(db, final.epoch);
  const claims = rows.map((row) => ({ account: row.account as Address, cumulative: BigInt(row.cumulative) }));
  const own = claims.find((claim) => claim.account === account);
  const path = claimPath(claims, account);
  return own === undefined || path === undefined ? null : { epoch: final.epoch, cumulative: own.cumulative, path };
}

/** What a wallet has earned through its nodes and can claim now; all zero for an unknown one. */
export async function getAccount(db: ReadDb, account: Address, standingOf: StandingOf): Promise<AccountSummary> {
  const nodes = (
    await db
      .selectFrom('nodes')
      .selectAll()
      .where('payout_address', '=', account)
      .orderBy('joined_at', 'desc')
      .execute()
  ).map((row) => toNodeSummary(row, standingOf));
  const history = await db
    .selectFrom('claims')
    .innerJoin('epochs', 'epochs.epoch', 'claims.epoch')
    .select(['claims.epoch', 'claims.amount', 'claims.cumulative', 'epochs.status', 'epochs.sealed_at', 'epochs.tx'])
    .where('claims.account', '=', account)
    .orderBy('claims.epoch', 'desc')
    .limit(HISTORY)
    .execute();
  return {
    account,
    nodes,
    pending: nodes.reduce((sum, node) => sum + node.earned - node.settled, 0n),
    settled: BigInt(history[0]?.cumulative ?? 0),
    claim: await claimOf(db, account),
    history: history.map((row) => ({
      epoch: row.epoch,
      amount: BigInt(row.amount),
      cumulative: BigInt(row.cumulative),
      status: row.status as EpochStatus,
      sealedAt: row.sealed_at,
      tx: row.tx as Hash | null,
    })),
  };
}
