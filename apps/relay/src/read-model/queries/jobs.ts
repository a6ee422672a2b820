import type { Address, JobId } from '@reckon/protocol/base/ids';
import type { JobStatus, JobSummary } from '@reckon/protocol/wire/http';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import type { Selectable } from 'kysely';
import type { ReadDb, ReadModelTables } from '../schema.ts';

const BIGGEST_PAGE = 200;

export interface JobFilter {
  status?: JobStatus | undefined;
  requester?: Address | undefined;
  limit?: number | undefined;
  /** Jobs posted before this time. */
  before?: number | undefined;
}

/** What posted epochs took from each of these jobs' escrows. */
async function settledOf(db: ReadDb, jobIds: readonly string[]): Promise<Map<string, bigint>> {
  const rows = await db
    .selectFrom('charges')
    .innerJoin('epochs', 'epochs.epoch', 'charges.epoch')
    .select(['charges.job_id', 'charges.amount'])
    .where('charges.job_id', 'in', jobIds.length > 0 ? [...jobIds] : [''])
    .where('epochs.status', 'in', ['posted', 'final'])
    .execute();
  const sums = new Map<string, bigint>();
  for (const { job_id, amount } of rows) sums.set(job_id, (sums.get(job_id) ?? 0n) + BigInt(amount));
  return sums;
}

// The rows were written from parsed state, so ids and statuses are what their columns say.
const toSummary = (row: Selectable<ReadModelTables['jobs']>, settled: bigint): JobSummary => ({
  jobId: row.job_id as JobId,
  title: row.title,
  requester: row.requester as Address,
  requesterLabel: row.requester_label,
  kernel: row.kernel,
  status: row.status as JobStatus,
  units: {
    total: row.units_total,
    pending: row.units_pending,
    issued: row.units_issued,
    accepted: row.units_accepted,
    failed: row.units_failed,
  },
  policy: JSON.parse(row.policy_json) as VerificationPolicy,
  budget: BigInt(row.budget),
  funded: BigInt(row.funded),
  spent: BigInt(row.spent),
  settled,
  pricePerUnit: BigInt(row.price_per_unit),
  nodes: row.nodes,
  postedAt: row.posted_at,
  fundedAt: row.funded_at,
  firstLeaseAt: row.first_lease_at,
  endedAt: row.ended_at,
  expiresAt: row.expires_at,
});

/** Newest first. */
export async function listJobs(db: ReadDb, filter: JobFilter): Promise<JobSummary[]> {
  let query = db.selectFrom('jobs').selectAll().orderBy('seq', 'desc').orderBy('job_id');
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.requester !== undefined) query = query.where('requester', '=', filter.requester);
  if (filter.before !== undefined) query = query.where('seq', '<', filter.before);
  const rows = await query.limit(Math.min(filter.limit ?? 50, BIGGEST_PAGE)).execute();
  const settled = await settledOf(
    db,
    rows.map((row) => row.job_id),
  );
  return rows.map((row) => toSummary(row, settled.get(row.job_id) ?? 0n));
}

export const findJob = (db: ReadDb, jobId: JobId) =>
  db.selectFrom('jobs').selectAll().where('job_id', '=', jobId).executeTakeFirst();

export async function getJob(db: ReadDb, jobId: JobId): Promise<JobSummary | undefined> {
  const row = await findJob(db, jobId);
  if (row === undefined) return undefined;
  return toSummary(row, (await settledOf(db, [jobId])).get(jobId) ?? 0n);
}
