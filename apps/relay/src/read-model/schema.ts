import { type Kysely, sql } from 'kysely';

/**
 * The read model's tables: a projection of the journal, rebuilt whenever this version changes. Money is decimal text
 * and is added up in the program; times are milliseconds. Only what PostgreSQL 15 understands too is used.
 */
export const READ_MODEL_VERSION = 2;

export interface ReadModelTables {
  meta: { key: string; value: string };
  jobs: {
    job_id: string;
    seq: number;
    title: string;
    requester: string;
    requester_label: string;
    kernel: string;
    status: string;
    units_total: number;
    units_pending: number;
    units_issued: number;
    units_accepted: number;
    units_failed: number;
    policy_json: string;
    budget: string;
    funded: string;
    spent: string;
    price_per_unit: string;
    nodes: number;
    posted_at: number;
    funded_at: number | null;
    first_lease_at: number | null;
    ended_at: number | null;
    expires_at: number;
    order_json: string;
    signature: string;
    spec_digest: string;
  };
  units: {
    job_id: string;
    idx: number;
    work_unit_id: string;
    status: string;
    canonical: string | null;
    leased: number;
    revealed: number;
    verdict_by: string | null;
    verdict_bound: number | null;
  };
  replicas: {
    work_unit_id: string;
    node_id: string;
    job_id: string;
    idx: number;
    position: number;
    status: string;
    reason: string | null;
    result_digest: string | null;
    leased_at: number;
    revealed_at: number | null;
    credits: number;
    reward: string;
    attestation_json: string | null;
    canary: number;
  };
  checks: {
    work_unit_id: string;
    job_id: string;
    idx: number;
    position: number;
    checker: string;
    subject: string;
    chunks_json: string;
    status: string;
    reward: string;
  };
  receipts: {
    epoch: number;
    position: number;
    work_unit_id: string;
    job_id: string;
    node_id: string;
    result_digest: string;
    reward: string;
    credits: number;
  };
  nodes: {
    node_id: string;
    kind: string;
    device: string;
    device_class: string;
    online: number;
    joined_at: number;
    payout_address: string | null;
    leased: number;
    waiting: number;
    agreed: number;
    disagreed: number;
    expired: number;
    credits: number;
    earned: string;
    settled: string;
  };
  epochs: {
    epoch: number;
    status: string;
    sealed_at: number;
    claims_root: string;
    receipts_root: string;
    journal_root: string;
    total_cumulative: string;
    charged: string;
    receipts: number;
    tx: string | null;
    gas_used: number | null;
  };
  charges: { epoch: number; job_id: string; amount: string; closing: number };
  /** One row where an account's cumulative claim grew; the claims of epoch E are each account's newest row up to E. */
  claims: { account: string; epoch: number; cumulative: string; amount: string };
}

export type ReadDb = Kysely<ReadModelTables>;

const TABLES: Record<keyof ReadModelTables, string> = {
  meta: 'key text primary key, value text not null',
  jobs: `job_id text primary key, seq integer not null, title text not null, requester text not null,
    requester_label text not null, kernel text not null, status text not null, units_total integer not null,
    units_pending integer not null, units_issued integer not null, units_accepted integer not null,
    units_failed integer not null, policy_json text not null, budget text not null,
    funded text not null, spent text not null, price_per_unit text not null, nodes integer not null,
    posted_at bigint not null, funded_at bigint, first_lease_at bigint, ended_at bigint, expires_at bigint not null,
    order_json text not null, signature text not null, spec_digest text not null`,
  units: `job_id text not null, idx integer not null, work_unit_id text not null, status text not null, canonical text,
    leased integer not null, revealed integer not null, verdict_by text, verdict_bound double precision,
    primary key (job_id, idx)`,
  replicas: `work_unit_id text not null, node_id text not null, job_id text not null, idx integer not null,
    position integer not null, status text not null, reason text, result_digest text, leased_at bigint not null,
    revealed_at bigint, credits integer not null, reward text not null, attestation_json text,
    canary integer not null, primary key (work_unit_id, node_id)`,
  checks: `work_unit_id text not null, job_id text not null, idx integer not null, position integer not null,
    checker text not null, subject text not null, chunks_json text not null, status text not null, reward text not null,
    primary key (work_unit_id, position)`,
  receipts: `epoch integer not null, position integer not null, work_unit_id text not null, job_id text not null,
    node_id text not null, result_digest text not null, reward text not null, credits integer not null,
    primary key (epoch, position)`,
  nodes: `node_id text primary key, kind text not null, device text not null, device_class text not null,
    online integer not null, joined_at bigint not null, payout_address text, leased integer not null,
    waiting integer not null, agreed integer not null, disagreed integer not null, expired integer not null,
    credits integer not null, earned text not null, settled text not null`,
  epochs: `epoch integer primary key, status text not null, sealed_at bigint not null, claims_root text not null,
    receipts_root text not null, journal_root text not null, total_cumulative text not null, charged text not null,
    receipts integer not null, tx text, gas_used bigint`,
  charges: `epoch integer not null, job_id text not null, amount text not null, closing integer not null,
    primary key (epoch, job_id)`,
  claims: `account text not null, epoch integer not null, cumulative text not null, amount text not null,
    primary key (account, epoch)`,
};

const INDICES = [
  'create index jobs_by_seq on jobs (seq)',
  'create index jobs_by_requester on jobs (requester, seq)',
  'create index replicas_by_job on replicas (job_id, idx)',
  'create index checks_by_job on checks (job_id, idx)',
  'create index replicas_by_node on replicas (node_id, leased_at)',
  'create index receipts_by_job on receipts (job_id)',
  'create index nodes_by_payout on nodes (payout_address)',
  'create index charges_by_job on charges (job_id)',
];

/** Drops whatever is there and creates every table empty. */
export async function createTables(db: ReadDb): Promise<void> {
  for (const [name, columns] of Object.entries(TABLES)) {
    await sql.raw(`drop table if exists ${name}`).execute(db);
    await sql.raw(`create table ${name} (${columns})`).execute(db);
  }
  for (const index of INDICES) await sql.raw(index).execute(db);
  const meta = { version: READ_MODEL_VERSION, projected_through: 0 };
  const rows = Object.entries(meta).map(([key, value]) => ({ key, value: String(value) }));
  await db.insertInto('meta').values(rows).execute();
}
