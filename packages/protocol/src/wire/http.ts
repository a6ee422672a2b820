import * as v from 'valibot';
import { WireError } from '../base/errors.ts';
import { Address, BlobDigest, Hash, JobId, NodeId, WorkUnitId } from '../base/ids.ts';
import { Count, Credits, Millis, Wei } from '../base/units.ts';
import { LeafAttestation } from '../model/attestation.ts';
import { SignedJobOrder } from '../model/job-order.ts';
import { KernelName, KernelRef } from '../model/kernel-manifest.ts';
import { VerificationPolicy } from '../model/policy.ts';
import { TrustConstants } from '../model/trust-constants.ts';
import { WorkReceipt } from '../model/receipt.ts';
import { Standing, TrustMeasures, UnitCheck, UnitVerdict } from './http-trust.ts';
import { NodeKind } from './messages.ts';

/** Answers of the relay's HTTP interface (docs/api.md); the client parses every one of them. */

export const JobStatus = v.picklist(['draft', 'funded', 'running', 'paused', 'completed', 'cancelled', 'expired']);
export type JobStatus = v.InferOutput<typeof JobStatus>;
export const UnitStatus = v.picklist(['pending', 'issued', 'accepted', 'failed']);
export type UnitStatus = v.InferOutput<typeof UnitStatus>;
export const ReplicaStatus = v.picklist(['leased', 'committed', 'revealed', 'agreed', 'disagreed', 'expired']);
export type ReplicaStatus = v.InferOutput<typeof ReplicaStatus>;
export const EpochStatus = v.picklist(['open', 'sealed', 'posted', 'final']);
export type EpochStatus = v.InferOutput<typeof EpochStatus>;

/** GET /api/config */
export const RelayConfig = v.object({
  relayId: v.string(),
  protocol: Count,
  chainId: Count,
  contracts: v.object({ token: Address, escrow: Address, settlement: Address }),
  token: v.object({ symbol: v.string(), decimals: Count, test: v.boolean() }),
  operator: Address,
  feeBps: Count,
  /** Path of the JSON-RPC bridge on this origin. */
  rpcPath: v.string(),
  /** True where POST /api/faucet gives test money. */
  faucet: v.boolean(),
  signalling: v.object({ path: v.string(), relayPeerId: v.string() }),
  webSocketPath: v.string(),
  /** The public log: its name and verifying key in checkpoints, and its path on this origin (docs/log.md). */
  log: v.object({ origin: v.string(), key: v.string(), path: v.string() }),
  heartbeatMs: Millis,
  epochMs: Millis,
  embedOrigin: v.string(),
  kernels: v.array(KernelRef),
  /** What the relay assumes of strangers; the price and promise of a policy follow from it. */
  trust: TrustConstants,
  consentTextVersion: v.string(),
});
export type RelayConfig = v.InferOutput<typeof RelayConfig>;

/** POST /api/session { nodeId } : leave to open one signalling connection. */
export const SessionTicket = v.object({ peerId: v.string(), token: v.string(), expiresAt: Millis });
export type SessionTicket = v.InferOutput<typeof SessionTicket>;

/** One job in lists and at GET /api/jobs/:id. */
export const JobSummary = v.object({
  jobId: JobId,
  title: v.string(),
  requester: Address,
  requesterLabel: v.string(),
  kernel: v.string(),
  status: JobStatus,
  units: v.object({ total: Count, pending: Count, issued: Count, accepted: Count, failed: Count }),
  policy: VerificationPolicy,
  budget: Wei,
  /** Escrow seen on chain. */
  funded: Wei,
  /** Price of the units accepted so far. */
  spent: Wei,
  /** Settled on chain so far. */
  settled: Wei,
  pricePerUnit: Wei,
  nodes: Count,
  postedAt: Millis,
  fundedAt: v.nullable(Millis),
  firstLeaseAt: v.nullable(Millis),
  endedAt: v.nullable(Millis),
  expiresAt: Millis,
});
export type JobSummary = v.InferOutput<typeof JobSummary>;

/** GET /api/jobs?status=&requester=&limit=&before= , newest first. */
export const JobList = v.object({ jobs: v.array(JobSummary) });

/** GET /api/jobs/:id/units : one cell per unit, in order. `progress` 0..1 while computing. */
export const UnitCells = v.object({
  jobId: JobId,
  cells: v.array(
    v.object({
      status: UnitStatus,
      /** Of an undecided unit no more is told than whether anybody computes it: how it is checked must not be known. */
      leased: Count,
      revealed: Count,
      progress: v.number(),
      digest: v.nullable(BlobDigest),
    }),
  ),
});
export type UnitCells = v.InferOutput<typeof UnitCells>;

/** GET /api/jobs/:id/units/:index */
export const UnitDetail = v.object({
  jobId: JobId,
  workUnitId: WorkUnitId,
  index: Count,
  status: UnitStatus,
  params: v.string(),
  canonical: v.nullable(BlobDigest),
  /** How the result was verified; null until the unit is decided. */
  verdict: v.nullable(UnitVerdict),
  /** Empty until the unit is decided, so that nobody can copy a result or know which of them are checked. */
  replicas: v.array(
    v.object({
      nodeId: NodeId,
      kind: NodeKind,
      device: v.string(),
      status: ReplicaStatus,
      resultDigest: v.nullable(BlobDigest),
      leasedAt: Millis,
      revealedAt: v.nullable(Millis),
      reward: Wei,
      /** Word or code for a result that did not count. */
      reason: v.nullable(v.string()),
      canary: v.boolean(),
    }),
  ),
  /** Chunks of results that other nodes recomputed; empty until the unit is decided. */
  checks: v.array(UnitCheck),
});
export type UnitDetail = v.InferOutput<typeof UnitDetail>;

/** A receipt with its path to the epoch's receipts root; null until its epoch is sealed. */
export const SettledReceipt = v.object({
  receipt: WorkReceipt,
  path: v.array(Hash),
  receiptsRoot: Hash,
  tx: v.nullable(Hash),
});
export type SettledReceipt = v.InferOutput<typeof SettledReceipt>;

/** GET /api/jobs/:id/bundle : all a stranger needs to verify the job's results, but the blobs. */
export const ResultBundle = v.object({
  v: v.literal(1),
  jobId: JobId,
  relayId: v.string(),
  chainId: Count,
  contracts: v.object({ token: Address, escrow: Address, settlement: Address }),
  order: SignedJobOrder,
  specDigest: BlobDigest,
  status: JobStatus,
  units: v.array(
    v.object({
      index: Count,
      workUnitId: WorkUnitId,
      status: UnitStatus,
      canonical: v.nullable(BlobDigest),
      verdict: v.nullable(UnitVerdict),
      /** One per agreeing node. */
      attestations: v.array(v.object({ nodeId: NodeId, attestation: LeafAttestation })),
      receipts: v.array(SettledReceipt),
    }),
  ),
});
export type ResultBundle = v.InferOutput<typeof ResultBundle>;

/** GET /api/nodes/:id */
export const NodeSummary = v.object({
  nodeId: NodeId,
  kind: NodeKind,
  device: v.string(),
  online: v.boolean(),
  joinedAt: Millis,
  payoutAddress: v.nullable(Address),
  units: v.object({ leased: Count, waiting: Count, agreed: Count, disagreed: Count, expired: Count }),
  credits: Credits,
  /** Earned by accepted units; of it sealed into an epoch for a linked wallet. */
  earned: Wei,
  settled: Wei,
  standing: Standing,
});
export type NodeSummary = v.InferOutput<typeof NodeSummary>;

/** GET /api/nodes/:id/units?limit= , newest first. */
export const NodeUnits = v.object({
  units: v.array(
    v.object({
      workUnitId: WorkUnitId,
      jobId: JobId,
      index: Count,
      title: v.string(),
      kernel: v.string(),
      status: ReplicaStatus,
      reason: v.nullable(v.string()),
      leasedAt: Millis,
      revealedAt: v.nullable(Millis),
      credits: Credits,
      reward: Wei,
    }),
  ),
});
export type NodeUnits = v.InferOutput<typeof NodeUnits>;

/** GET /api/accounts/:address : what a wallet has earned through its nodes and can claim now. */
export const AccountSummary = v.object({
  account: Address,
  nodes: v.array(NodeSummary),
  /** Earned by linked nodes, not yet in an epoch. */
  pending: Wei,
  /** Cumulative in the newest sealed epoch. */
  settled: Wei,
  /** Newest final epoch's claim: pass it to Settlement.claim. Null when nothing is final yet. */
  claim: v.nullable(v.object({ epoch: Count, cumulative: Wei, path: v.array(Hash) })),
  history: v.array(
    v.object({
      epoch: Count,
      amount: Wei,
      cumulative: Wei,
      status: EpochStatus,
      sealedAt: Millis,
      tx: v.nullable(Hash),
    }),
  ),
});
export type AccountSummary = v.InferOutput<typeof AccountSummary>;

/** GET /api/network */
export const NetworkSummary = v.object({
  at: Millis,
  nodes: v.array(
    v.object({ kind: NodeKind, deviceClass: v.picklist(['gpu', 'cpu']), online: Count, busySlots: Count }),
  ),
  /** Nodes online that run a kernel; one that none of them runs is left out. */
  kernels: v.array(v.object({ kernel: KernelName, online: Count })),
  unitsAccepted: Count,
  unitsAcceptedLastMinute: Count,
  resultsChecked: Count,
  resultsDisagreed: Count,
  jobsRunning: Count,
  jobsCompleted: Count,
  rewardsEarned: Wei,
  /** The network's own measures, since the journal began. */
  trust: TrustMeasures,
  epoch: v.object({ number: Count, status: EpochStatus, lastPosted: Count }),
  journal: v.object({ entries: Count, root: Hash }),
});
export type NetworkSummary = v.InferOutput<typeof NetworkSummary>;

/** GET /api/epochs?limit= , newest first. */
export const EpochList = v.object({
  epochs: v.array(
    v.object({
      epoch: Count,
      status: EpochStatus,
      sealedAt: Millis,
      claimsRoot: Hash,
      receiptsRoot: Hash,
      journalRoot: Hash,
      totalCumulative: Wei,
      charged: Wei,
      receipts: Count,
      tx: v.nullable(Hash),
      gasUsed: v.nullable(Count),
    }),
  ),
});
export type EpochList = v.InferOutput<typeof EpochList>;

/** Every error answer: application/problem+json. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: Count,
  code: v.string(),
  details: WireError.entries.details,
});
export type Problem = v.InferOutput<typeof Problem>;

/** One server-sent event of GET /api/events?topics=network,job:ID,node:ID : what changed; ask for it again. */
export const LiveEvent = v.variant('type', [
  v.object({ type: v.literal('network') }),
  v.object({ type: v.literal('job'), jobId: JobId, status: JobStatus }),
  v.object({
    type: v.literal('unit'),
    jobId: JobId,
    index: Count,
    status: UnitStatus,
    leased: Count,
    revealed: Count,
    progress: v.number(),
    digest: v.nullable(BlobDigest),
  }),
  v.object({ type: v.literal('node'), nodeId: NodeId }),
  v.object({ type: v.literal('epoch'), epoch: Count, status: EpochStatus }),
]);
export type LiveEvent = v.InferOutput<typeof LiveEvent>;
