import type { Address, JobId, NodeId, WorkUnitId } from '@reckon/protocol/base/ids';
import type { NodeSummary, NodeUnits, ReplicaStatus } from '@reckon/protocol/wire/http';
import type { Standing } from '@reckon/protocol/wire/http-trust';
import type { NodeKind } from '@reckon/protocol/wire/messages';
import type { Selectable } from 'kysely';
import type { ReadDb, ReadModelTables } from '../schema.ts';

const BIGGEST_PAGE = 200;

/** How the network regards a node now; read from the hot state, since it fades with time. */
export type StandingOf = (nodeId: NodeId) => Standing;

export const toNodeSummary = (row: Selectable<ReadModelTables['nodes']>, standingOf: StandingOf): NodeSummary => ({
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
  standing: standingOf(row.node_id as NodeId),
});

export async function getNode(db: ReadDb, nodeId: NodeId, standingOf: StandingOf): Promise<NodeSummary | undefined> {
  const row = await db.selectFrom('nodes').selectAll().where('node_id', '=', nodeId).executeTakeFirst();
  return row && toNodeSummary(row, standingOf);
}

/** Newest first. Units that are not final are left out: a list of them would tell everybody who computes what. */
export async function listNodeUnits(db: ReadDb, nodeId: NodeId, limit = 50): Promise<NodeUnits> {
  const rows = await db
    .selectFrom('replicas')
    .innerJoin('jobs', 'jobs.job_id', 'replicas.job_id')
    .innerJoin('units', (join) =>
      join.onRef('units.job_id', '=', 'replicas.job_id').onRef('units.idx', '=', 'replicas.idx'),
    )
    .selectAll('replicas')
    .select(['jobs.title', 'jobs.kernel'])
    .where('replicas.node_id', '=', nodeId)
    .where('units.status', 'in', ['accepted', 'failed'])
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
