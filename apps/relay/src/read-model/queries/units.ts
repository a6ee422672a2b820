import { hashWorkUnit } from '@reckon/protocol/base/hash';
import type { BlobDigest, JobId, NodeId } from '@reckon/protocol/base/ids';
import type { ReplicaStatus, UnitCells, UnitDetail, UnitStatus } from '@reckon/protocol/wire/http';
import type { UnitCheck, UnitVerdict } from '@reckon/protocol/wire/http-trust';
import type { NodeKind } from '@reckon/protocol/wire/messages';
import type { Selectable } from 'kysely';
import type { ReadDb, ReadModelTables } from '../schema.ts';
import { findJob } from './jobs.ts';

const isFinal = (status: UnitStatus): boolean => status === 'accepted' || status === 'failed';

/** How a unit's result was verified; null until it is final. */
export const verdictOf = (row: Selectable<ReadModelTables['units']>): UnitVerdict | null =>
  row.verdict_by === null ? null : { by: row.verdict_by as UnitVerdict['by'], bound: row.verdict_bound ?? 1 };

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
  const status = (unit?.status ?? 'pending') as UnitStatus;
  const { replicas, checks } = isFinal(status) ? await evidenceOf(db, jobId, index) : { replicas: [], checks: [] };
  return {
    jobId,
    workUnitId: hashWorkUnit(jobId, 0, index),
    index,
    status,
    canonical: (unit?.canonical ?? null) as BlobDigest | null,
    verdict: unit === undefined ? null : verdictOf(unit),
    replicas,
    checks,
  };
}

/** Who computed and who checked a unit that is final: before, it is nobody's business, since who knows it could copy or collude. */
async function evidenceOf(db: ReadDb, jobId: JobId, index: number): Promise<Pick<UnitDetail, 'replicas' | 'checks'>> {
  const replicas = await db
    .selectFrom('replicas')
    .innerJoin('nodes', 'nodes.node_id', 'replicas.node_id')
    .selectAll('replicas')
    .select(['nodes.kind', 'nodes.device'])
    .where('job_id', '=', jobId)
    .where('idx', '=', index)
    .orderBy('position')
    .execute();
  const checks = await db
    .selectFrom('checks')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('idx', '=', index)
    .orderBy('position')
    .execute();
  return {
    replicas: replicas.map((row) => ({
      nodeId: row.node_id as NodeId,
      kind: row.kind as NodeKind,
      device: row.device,
      status: row.status as ReplicaStatus,
      resultDigest: row.result_digest as BlobDigest | null,
      leasedAt: row.leased_at,
      revealedAt: row.revealed_at,
      reward: BigInt(row.reward),
      reason: row.reason,
      canary: row.canary === 1,
    })),
    checks: checks.map((row) => ({
      checker: row.checker as NodeId,
      subject: row.subject as NodeId,
      chunks: JSON.parse(row.chunks_json) as number[],
      status: row.status as UnitCheck['status'],
      reward: BigInt(row.reward),
    })),
  };
}
