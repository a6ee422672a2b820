import type { Hash, JobId } from '@reckon/protocol/base/ids';
import type { EpochPost } from '../../chain/chain.ts';
import type { ReadDb } from '../schema.ts';

/** What is to be posted for a sealed epoch, as the machine commanded it. */
export async function getEpochPost(db: ReadDb, epoch: number): Promise<EpochPost | undefined> {
  const row = await db.selectFrom('epochs').selectAll().where('epoch', '=', epoch).executeTakeFirst();
  if (row === undefined) return undefined;
  const charges = await db.selectFrom('charges').selectAll().where('epoch', '=', epoch).orderBy('job_id').execute();
  return {
    type: 'post-epoch',
    epoch,
    claimsRoot: row.claims_root as Hash,
    receiptsRoot: row.receipts_root as Hash,
    journalRoot: row.journal_root as Hash,
    totalCumulative: BigInt(row.total_cumulative),
    charges: charges.map(({ job_id, amount, closing }) => ({
      jobId: job_id as JobId,
      amount: BigInt(amount),
      closing: closing === 1,
    })),
  };
}
