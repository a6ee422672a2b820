import type { BlobDigest, Hash, JobId, NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import { receiptPaths } from '@reckon/protocol/machine/claims';
import type { WorkReceipt } from '@reckon/protocol/model/receipt';
import type { SettledReceipt } from '@reckon/protocol/wire/http';
import type { Selectable } from 'kysely';
import type { ReadDb, ReadModelTables } from '../schema.ts';

const toReceipt = (row: Selectable<ReadModelTables['receipts']>): WorkReceipt => ({
  workUnitId: row.work_unit_id as WorkUnitId,
  jobId: row.job_id as JobId,
  nodeId: row.node_id as NodeId,
  resultDigest: row.result_digest as BlobDigest,
  reward: BigInt(row.reward),
  credits: row.credits,
  epoch: row.epoch,
});

/** A job's receipts by unit, each with its path to the root of the epoch it was sealed in. */
export async function settledReceipts(db: ReadDb, jobId: JobId): Promise<Map<string, SettledReceipt[]>> {
  const epochs = await db
    .selectFrom('epochs')
    .select(['epoch', 'receipts_root', 'tx'])
    .where('epoch', 'in', db.selectFrom('receipts').select('epoch').distinct().where('job_id', '=', jobId))
    .execute();
  const byUnit = new Map<string, SettledReceipt[]>();
  for (const { epoch, receipts_root, tx } of epochs) {
    const rows = await db.selectFrom('receipts').selectAll().where('epoch', '=', epoch).orderBy('position').execute();
    const receipts = rows.map(toReceipt);
    const paths = receiptPaths(receipts);
    for (const [i, receipt] of receipts.entries()) {
      if (receipt.jobId !== jobId) continue;
      const settled = {
        receipt,
        path: paths[i] as Hash[],
        receiptsRoot: receipts_root as Hash,
        tx: tx as Hash | null,
      };
      byUnit.set(receipt.workUnitId, [...(byUnit.get(receipt.workUnitId) ?? []), settled]);
    }
  }
  return byUnit;
}
