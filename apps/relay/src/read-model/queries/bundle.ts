import { hashWorkUnit } from '@reckon/protocol/base/hash';
import type { BlobDigest, JobId, NodeId } from '@reckon/protocol/base/ids';
import { parse } from '@reckon/protocol/base/parse';
import { LeafAttestation } from '@reckon/protocol/model/attestation';
import { SignedJobOrder } from '@reckon/protocol/model/job-order';
import type { JobStatus, ResultBundle, UnitStatus } from '@reckon/protocol/wire/http';
import type { ReadDb } from '../schema.ts';
import { findJob } from './jobs.ts';
import { settledReceipts } from './receipts.ts';
import { verdictOf } from './units.ts';

export type BundleHeader = Pick<ResultBundle, 'relayId' | 'chainId' | 'contracts'>;

/** All a stranger needs to verify a job's results, but the blobs. */
export async function getBundle(db: ReadDb, header: BundleHeader, jobId: JobId): Promise<ResultBundle | undefined> {
  const job = await findJob(db, jobId);
  if (job === undefined) return undefined;
  const order = parse(SignedJobOrder, { order: JSON.parse(job.order_json), signature: job.signature });
  const rows = await db.selectFrom('units').selectAll().where('job_id', '=', jobId).execute();
  const units = new Map(rows.map((row) => [row.idx, row]));
  const agreed = await db
    .selectFrom('replicas')
    .select(['idx', 'node_id', 'attestation_json'])
    .where('job_id', '=', jobId)
    .where('status', '=', 'agreed')
    .orderBy('position')
    .execute();
  const attestations = new Map<number, ResultBundle['units'][number]['attestations']>();
  for (const { idx, node_id, attestation_json } of agreed) {
    if (attestation_json === null) continue;
    const attestation = parse(LeafAttestation, JSON.parse(attestation_json));
    attestations.set(idx, [...(attestations.get(idx) ?? []), { nodeId: node_id as NodeId, attestation }]);
  }
  const receipts = await settledReceipts(db, jobId);
  return {
    v: 1,
    jobId,
    ...header,
    order,
    specDigest: job.spec_digest as BlobDigest,
    status: job.status as JobStatus,
    units: Array.from({ length: job.units_total }, (_, index) => {
      const workUnitId = hashWorkUnit(jobId, 0, index);
      const row = units.get(index);
      return {
        index,
        workUnitId,
        status: (row?.status ?? 'pending') as UnitStatus,
        canonical: (row?.canonical ?? null) as BlobDigest | null,
        verdict: row === undefined ? null : verdictOf(row),
        attestations: attestations.get(index) ?? [],
        receipts: receipts.get(workUnitId) ?? [],
      };
    }),
  };
}
