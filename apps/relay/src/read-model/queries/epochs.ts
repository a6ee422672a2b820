import type { Hash } from '@reckon/protocol/base/ids';
import type { EpochList, EpochStatus } from '@reckon/protocol/wire/http';
import type { ReadDb } from '../schema.ts';

const BIGGEST_PAGE = 200;

/** Newest first. */
export async function listEpochs(db: ReadDb, limit = 50): Promise<EpochList> {
  const rows = await db
    .selectFrom('epochs')
    .selectAll()
    .orderBy('epoch', 'desc')
    .limit(Math.min(limit, BIGGEST_PAGE))
    .execute();
  return {
    epochs: rows.map((row) => ({
      epoch: row.epoch,
      status: row.status as EpochStatus,
      sealedAt: row.sealed_at,
      claimsRoot: row.claims_root as Hash,
      receiptsRoot: row.receipts_root as Hash,
      journalRoot: row.journal_root as Hash,
      totalCumulative: BigInt(row.total_cumulative),
      charged: BigInt(row.charged),
      receipts: row.receipts,
      tx: row.tx as Hash | null,
      gasUsed: row.gas_used,
    })),
  };
}

/** Gas is not part of the journal: it changes nothing. A rebuilt read model does not know it. */
export async function noteGas(db: ReadDb, epoch: number, gasUsed: number): Promise<void> {
  await db.updateTable('epochs').set({ gas_used: gasUsed }).where('epoch', '=', epoch).execute();
}
