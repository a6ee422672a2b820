import type { Hex } from '../base/bytes.ts';
import type { Address, BlobDigest, Hash, JobId, NodeId, ResultDigest, WorkUnitId } from '../base/ids.ts';
import type { Credits, Millis, Seconds, Wei } from '../base/units.ts';
import type { LeafAttestation } from '../model/attestation.ts';
import type { CumulativeClaim } from '../model/claim.ts';
import type { JobOrder } from '../model/job-order.ts';
import type { JobSpec } from '../model/job-spec.ts';
import type { WorkReceipt } from '../model/receipt.ts';
import type { Capabilities } from '../wire/capabilities.ts';
import type { EpochStatus, JobStatus, ReplicaStatus, UnitStatus } from '../wire/http.ts';
import type { NodeKind } from '../wire/messages.ts';

/** One copy of a unit under a lease. Immutable: a step makes a new one. */
export interface Replica {
  readonly nodeId: NodeId;
  readonly status: ReplicaStatus;
  readonly leasedAt: Millis;
  readonly deadline: Millis;
  readonly attestation?: LeafAttestation;
  readonly resultDigest?: ResultDigest;
  readonly sizeBytes?: number;
  /** Other revealed digests of the unit that the kernel's `agree` accepts as this one. */
  readonly near: readonly BlobDigest[];
  readonly revealedAt?: Millis;
  /** Share of the unit's price, once the unit is accepted. */
  readonly reward?: Wei;
  /** Why it ended without counting, in one word or code. */
  readonly reason?: string;
}

/** Immutable: a step makes a new one. */
export interface WorkUnit {
  readonly id: WorkUnitId;
  readonly index: number;
  readonly status: UnitStatus;
  readonly replicas: readonly Replica[];
  readonly canonical?: ResultDigest;
}

/** A job in hot state. The shard owns it and changes it in place; see docs/adr/0003. */
export interface Job {
  readonly id: JobId;
  readonly order: JobOrder;
  readonly spec: JobSpec;
  readonly signature: Hex;
  readonly postedAt: Millis;
  status: JobStatus;
  units: WorkUnit[];
  counts: Record<UnitStatus, number>;
  /** Indices that still need a replica: with at least one already, and with none. Kept in the order they became so. */
  readonly started: Set<number>;
  readonly fresh: Set<number>;
  /** Nodes that ever held a lease here. */
  readonly nodes: Set<NodeId>;
  funded: Wei;
  /** Price of accepted units; of it already charged by a sealed epoch. */
  spent: Wei;
  charged: Wei;
  /** The epoch whose posting closes the escrow; undefined while the job may still be charged. */
  closedIn: number | undefined;
  fundedAt?: Millis;
  firstLeaseAt?: Millis;
  endedAt?: Millis;
  controlNonce: number;
}

export interface NodeRecord {
  readonly id: NodeId;
  kind: NodeKind;
  agent: string;
  capabilities: Capabilities;
  consentSite: string;
  consentExpiresAt: Seconds;
  joinedAt: Millis;
  /** Set while the node is away. */
  left?: { at: Millis; how: 'bye' | 'lost' };
  payout?: { address: Address; expiry: Seconds };
  /** Replicas leased, committed or revealed and undecided, by unit. */
  readonly held: Map<WorkUnitId, { jobId: JobId; index: number }>;
  counts: { agreed: number; disagreed: number; expired: number };
  credits: Credits;
  /** Rewards of accepted units; of it in sealed epochs; of that entered into the settlement tree for a linked wallet. */
  earned: Wei;
  sealed: Wei;
  settled: Wei;
}

/** What one sealed epoch takes from a job's escrow; `closing` returns the rest to the requester. */
export interface JobCharge {
  jobId: JobId;
  amount: Wei;
  closing: boolean;
}

/** A sealed epoch, kept until it is final. */
export interface Epoch {
  readonly number: number;
  status: EpochStatus;
  readonly sealedAt: Millis;
  readonly receipts: readonly WorkReceipt[];
  /** Every account's cumulative reward, ordered by account. */
  readonly claims: readonly CumulativeClaim[];
  readonly charges: readonly JobCharge[];
  readonly totalCumulative: Wei;
  readonly claimsRoot: Hash;
  readonly receiptsRoot: Hash;
  readonly journalRoot: Hash;
  tx?: Hash;
  finalAt?: Millis;
}

export interface ShardConstants {
  relayId: string;
  chainId: number;
  settlement: Address;
  escrow: Address;
  operator: Address;
  feeBps: number;
  graceMs: Millis;
}

/** Everything the network knows that can still change: the fold of the journal. */
export interface ShardState {
  constants: ShardConstants | undefined;
  /** Time of the newest event. */
  now: Millis;
  readonly jobs: Map<JobId, Job>;
  readonly nodes: Map<NodeId, NodeRecord>;
  /** Where each unit of the jobs above lies. */
  readonly units: Map<WorkUnitId, { jobId: JobId; index: number }>;
  /** Receipts since the last sealed epoch; their `epoch` is set when it is sealed. */
  openReceipts: WorkReceipt[];
  readonly cumulative: Map<Address, Wei>;
  /** Sealed epochs that are not final yet, oldest first. */
  epochs: Epoch[];
  /** Number of the newest sealed epoch; 0 before the first. */
  lastEpoch: number;
  totals: { accepted: number; checked: number; disagreed: number; completed: number; earned: Wei };
}
