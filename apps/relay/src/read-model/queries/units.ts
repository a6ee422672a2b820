import { hashWorkUnit } from '@reckon/protocol/base/hash';
import type { BlobDigest, JobId, NodeId } from '@reckon/protocol/base/ids';
import type { ReplicaStatus, UnitCells, UnitDetail, UnitStatus } from '@reckon/protocol/wire/http';
import type { NodeKind } from '@reckon/protocol/wire/messages';
import type { ReadDb } from '../schema.ts';
import { findJob } from './jobs.ts';

/** One cell per unit, in order; units nobody has leased yet have no row. `progress` is not kept here. */
export async function listCells(db: ReadDb, jobId: JobId): Promise<UnitCells | undefined> {
  const job = await findJob(db, jobId);
  if (job === undefined) return undefined;
  const rows = await db.selectFrom('units').selectAll().where('job_id', '=', jobId).execute();
  const cells: UnitCells['cells'] = Array.from({ length: job.units_total }, () => ({
    status: 'pending',
    leased: 0,
    revealed: 0,
    progress: 0,
    digest: null,
  }));
  for (const row of rows) {
    cells[row.idx] = {
      status: row.status as UnitStatus,
      leased: row.leased,
      revealed: row.revealed,
      progress: row.status === 'accepted' ? 1 : 0,
      digest: row.canonical as BlobDigest | null,
    };
  }
  return { jobId, cells };
}

/** All of a unit but its parameters, which are in the job's spec. */
export async function getUnit(
  db: ReadDb,
  jobId: JobId,
  index: number,
): Promise<Omit<UnitDetail, 'params'> | undefined> {
  const job = await findJob(db, jobId);
  if (job === undefined || index >= job.units_total) return undefined;
  const unit = await db
    .selectFrom('units')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('idx', '=', index)
    .executeTakeFirst();
  const replicas = await db
    .selectFrom('replicas')
    .innerJoin('nodes', 'nodes.node_id', 'replicas.node_id')
    .selectAll('replicas')
    .select(['nodes.kind', 'nodes.device'])
    .where('job_id', '=', jobId)
    .where('idx', '=', index)
    .orderBy('position')
    .execute();
  const status = (unit?.status ?? 'pending') as UnitStatus;
  // What one node found is nobody's business until the unit is decided: another could hand it in as its own.
  const decided = status === 'accepted' || status === 'failed';
  return {
    jobId,
    workUnitId: hashWorkUnit(jobId, 0, index),
    index,
    status,
    canonical: (unit?.canonical ?? null) as BlobDigest | null,
    replicas: replicas.map((row) => ({
      nodeId: row.node_id as NodeId,
      kind: row.kind as NodeKind,
      device: row.device,
      status: row.status as ReplicaStatus,
      resultDigest: decided ? (row.result_digest as BlobDigest | null) : null,
      leasedAt: row.leased_at,
      revealedAt: row.revealed_at,
      reward: BigInt(row.reward),
    })),
  };
}
