import type { Address, JobId, NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { NodeSummary, NodeUnits, ReplicaStatus } from '@reckon/protocol/wire/http';
import type { NodeKind } from '@reckon/protocol/wire/messages';
import type { Selectable } from 'kysely';
import type { ReadDb, ReadModelTables } from '../schema.ts';

const BIGGEST_PAGE = 200;

export const toNodeSummary = (row: Selectable<ReadModelTables['nodes']>): NodeSummary => ({
  nodeId: row.node_id as NodeId,
  kind: row.kind as NodeKind,
  device: row.device,
  online: row.online === 1,
  joinedAt: row.joined_at,
  payoutAddress: row.payout_address as Address | null,
  units: {
    leased: row.leased,
    waiting: row.waiting,
    agreed: row.agreed,
    disagreed: row.disagreed,
    expired: row.expired,
  },
  credits: row.credits,
  earned: BigInt(row.earned),
  settled: BigInt(row.settled),
});

export async function getNode(db: ReadDb, nodeId: NodeId): Promise<NodeSummary | undefined> {
  const row = await db.selectFrom('nodes').selectAll().where('node_id', '=', nodeId).executeTakeFirst();
  return row && toNodeSummary(row);
}

/** Newest first. */
export async function listNodeUnits(db: ReadDb, nodeId: NodeId, limit = 50): Promise<NodeUnits> {
  const rows = await db
    .selectFrom('replicas')
    .innerJoin('jobs', 'jobs.job_id', 'replicas.job_id')
    .selectAll('replicas')
    .select(['jobs.title', 'jobs.kernel'])
    .where('replicas.node_id', '=', nodeId)
    .orderBy('replicas.leased_at', 'desc')
    .orderBy('replicas.idx', 'desc')
    .limit(Math.min(limit, BIGGEST_PAGE))
    .execute();
  return {
    units: rows.map((row) => ({
      workUnitId: row.work_unit_id as WorkUnitId,
      jobId: row.job_id as JobId,
      index: row.idx,
      title: row.title,
      kernel: row.kernel,
      status: row.status as ReplicaStatus,
      reason: row.reason,
      leasedAt: row.leased_at,
      revealedAt: row.revealed_at,
      credits: row.credits,
      reward: BigInt(row.reward),
    })),
  };
}
