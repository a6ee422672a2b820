import type { Insertable } from 'kysely';
import { toJson } from '@reckon/protocol/base/json';
import type { ShardChange } from '@reckon/protocol/machine/commands';
import type { Epoch, Job, NodeRecord, ShardState, WorkUnit } from '@reckon/protocol/machine/state';
import { isTerminal } from '@reckon/protocol/machine/unit-view';
import type { StageSpec } from '@reckon/protocol/model/job-spec';
import { policyRules } from '@reckon/protocol/trust/policy';
import type { UnitStatus } from '@reckon/protocol/wire/http';
import type { ReadModelTables } from './schema.ts';

type Row<T extends keyof ReadModelTables> = Insertable<ReadModelTables[T]>;

/** Everything one batch changes, as plain rows copied out of the state. */
export interface BatchRows {
  through: number;
  jobs: Row<'jobs'>[];
  units: Row<'units'>[];
  replicas: Row<'replicas'>[];
  checks: Row<'checks'>[];
  nodes: Row<'nodes'>[];
  epochs: SealedRows[];
}

export interface SealedRows {
  epoch: Omit<Row<'epochs'>, 'gas_used'>;
  /** Once, when the epoch is first seen. */
  receipts: Row<'receipts'>[];
  charges: Row<'charges'>[];
  claims: { account: string; cumulative: bigint }[];
}

const stageOf = (job: Job): StageSpec => job.spec.stages[0] as StageSpec;

/** `seq` orders jobs by when they were posted; ids break ties. */
function jobRow(job: Job): Row<'jobs'> {
  const stage = stageOf(job);
  return {
    job_id: job.id,
    seq: job.postedAt,
    title: job.spec.title,
    requester: job.order.requester,
    requester_label: job.spec.requesterLabel,
    kernel: stage.kernel.name,
    status: job.status,
    units_total: job.units.length,
    ...shownCounts(job),
    units_accepted: job.counts.accepted,
    units_failed: job.counts.failed,
    policy_json: toJson(stage.policy),
    budget: String(job.order.budget),
    funded: String(job.funded),
    spent: String(job.spent),
    price_per_unit: String(stage.pricePerUnit),
    nodes: job.nodes.size,
    posted_at: job.postedAt,
    funded_at: job.fundedAt ?? null,
    first_lease_at: job.firstLeaseAt ?? null,
    ended_at: job.endedAt ?? null,
    expires_at: job.order.expiresAt * 1000,
    order_json: toJson(job.order),
    signature: job.signature,
    spec_digest: job.order.specDigest,
  };
}

/**
 * What strangers are told of a unit. Of one that is not final no more than whether anybody computes it: whoever saw that a
 * second result is wanted, or by whom, would know that the first is checked. Under a policy with ε not even that: a node
 * that knew that a unit was computed before would be honest there, and wrong where it is the first.
 */
export function shownOf(job: Job, unit: WorkUnit): { status: UnitStatus; leased: number; revealed: number } {
  if (isTerminal(unit)) {
    const revealed = unit.replicas.filter(({ status }) => status === 'agreed' || status === 'disagreed').length;
    return { status: unit.status, leased: 0, revealed };
  }
  const running = unit.status === 'issued' && !hidesRunning(job);
  return running ? { status: 'issued', leased: 1, revealed: 0 } : { status: 'pending', leased: 0, revealed: 0 };
}

/** Whether it is kept to the relay which units of the job are being computed. */
export const hidesRunning = (job: Job): boolean => policyRules(stageOf(job).policy).epsilon !== undefined;

/** A unit that begins to run must not show in the sums either. */
function shownCounts(job: Job): { units_pending: number; units_issued: number } {
  const { pending, issued } = job.counts;
  return hidesRunning(job)
    ? { units_pending: pending + issued, units_issued: 0 }
    : { units_pending: pending, units_issued: issued };
}

const unitRow = (job: Job, unit: WorkUnit): Row<'units'> => ({
  job_id: job.id,
  idx: unit.index,
  work_unit_id: unit.id,
  canonical: unit.canonical ?? null,
  ...shownOf(job, unit),
  verdict_by: isTerminal(unit) ? (unit.verdict?.by ?? null) : null,
  verdict_bound: isTerminal(unit) ? (unit.verdict?.bound ?? null) : null,
});

const replicaRows = (job: Job, unit: WorkUnit): Row<'replicas'>[] =>
  unit.replicas.map((replica, position) => ({
    work_unit_id: unit.id,
    node_id: replica.nodeId,
    job_id: job.id,
    idx: unit.index,
    position,
    status: replica.status,
    reason: replica.reason ?? null,
    result_digest: replica.resultDigest ?? null,
    leased_at: replica.leasedAt,
    revealed_at: replica.revealedAt ?? null,
    credits: replica.status === 'agreed' ? stageOf(job).creditsPerUnit : 0,
    reward: String(replica.reward ?? 0n),
    attestation_json: replica.attestation === undefined ? null : toJson(replica.attestation),
    canary: replica.canary === true ? 1 : 0,
  }));

const checkRows = (job: Job, unit: WorkUnit): Row<'checks'>[] =>
  unit.checks.map((check, position) => ({
    work_unit_id: unit.id,
    job_id: job.id,
    idx: unit.index,
    position,
    checker: check.checker,
    subject: check.subject,
    chunks_json: toJson(check.chunks),
    status: check.status,
    reward: String(check.reward ?? 0n),
  }));

function nodeRow(node: NodeRecord, state: ShardState): Row<'nodes'> {
  let leased = 0;
  for (const { jobId, index } of node.held.values()) {
    const unit = state.jobs.get(jobId)?.units[index];
    if (unit?.replicas.some((own) => own.nodeId === node.id && own.status === 'leased')) leased++;
  }
  return {
    node_id: node.id,
    kind: node.kind,
    device: node.capabilities.device,
    device_class: node.capabilities.deviceClass,
    online: node.left === undefined ? 1 : 0,
    joined_at: node.joinedAt,
    payout_address: node.payout?.address ?? null,
    leased,
    waiting: node.held.size - leased,
    ...node.counts,
    credits: node.credits,
    earned: String(node.earned),
    settled: String(node.settled),
  };
}

const epochRows = (epoch: Epoch): SealedRows => ({
  epoch: {
    epoch: epoch.number,
    status: epoch.status,
    sealed_at: epoch.sealedAt,
    claims_root: epoch.claimsRoot,
    receipts_root: epoch.receiptsRoot,
    journal_root: epoch.journalRoot,
    total_cumulative: String(epoch.totalCumulative),
    charged: String(epoch.charges.reduce((sum, charge) => sum + charge.amount, 0n)),
    receipts: epoch.receipts.length,
    tx: epoch.tx ?? null,
  },
  receipts: epoch.receipts.map((receipt, position) => ({
    epoch: epoch.number,
    position,
    work_unit_id: receipt.workUnitId,
    job_id: receipt.jobId,
    node_id: receipt.nodeId,
    result_digest: receipt.resultDigest,
    reward: String(receipt.reward),
    credits: receipt.credits,
  })),
  charges: epoch.charges.map((charge) => ({
    epoch: epoch.number,
    job_id: charge.jobId,
    amount: String(charge.amount),
    closing: charge.closing ? 1 : 0,
  })),
  claims: epoch.claims.map(({ account, cumulative }) => ({ account, cumulative })),
});

/** Copies what a batch changed out of the state; each thing once, as it is now. */
export function rowsOf(changes: readonly ShardChange[], state: ShardState, through: number): BatchRows {
  const rows: BatchRows = { through, jobs: [], units: [], replicas: [], checks: [], nodes: [], epochs: [] };
  const seen = new Set<string>();
  for (const change of changes) {
    const key = Object.values(change).join();
    if (seen.has(key)) continue;
    seen.add(key);
    if (change.type === 'node') {
      const node = state.nodes.get(change.nodeId);
      if (node !== undefined) rows.nodes.push(nodeRow(node, state));
    } else if (change.type === 'epoch') {
      const epoch = state.epochs.find((known) => known.number === change.epoch);
      if (epoch !== undefined) rows.epochs.push(epochRows(epoch));
    } else {
      const job = state.jobs.get(change.jobId);
      const unit = change.type === 'unit' ? job?.units[change.index] : undefined;
      if (job !== undefined && change.type === 'job') rows.jobs.push(jobRow(job));
      // A unit without replicas is what a missing row means.
      if (job !== undefined && unit !== undefined && unit.replicas.length > 0) {
        rows.units.push(unitRow(job, unit));
        rows.replicas.push(...replicaRows(job, unit));
        if (isTerminal(unit)) rows.checks.push(...checkRows(job, unit));
      }
    }
  }
  return rows;
}
