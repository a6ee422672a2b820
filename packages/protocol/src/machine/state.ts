import type { Hex } from '../base/bytes.ts';
import type { Address, Hash, JobId, NetworkTag, NodeId, ResultDigest, WorkUnitId } from '../base/ids.ts';
import type { Credits, Millis, Seconds, Wei } from '../base/units.ts';
import type { LeafAttestation } from '../model/attestation.ts';
import type { CumulativeClaim } from '../model/claim.ts';
import type { JobOrder } from '../model/job-order.ts';
import type { JobSpec } from '../model/job-spec.ts';
import type { KernelFacts } from '../model/kernel-manifest.ts';
import type { WorkReceipt } from '../model/receipt.ts';
import type { TrustConstants } from '../model/trust-constants.ts';
import type { Durations } from '../trust/durations.ts';
import type { Reputation } from '../trust/reputation.ts';
import type { Capabilities } from '../wire/capabilities.ts';
import type { EpochStatus, JobStatus, ReplicaStatus, UnitStatus } from '../wire/http.ts';
import type { NodeKind } from '../wire/messages.ts';

/** How a result may be checked whole. */
export type WholeCheck = 'certificate' | 'execution';

/** One copy of a unit under a lease. Immutable: a step makes a new one. */
export interface Replica {
  readonly nodeId: NodeId;
  readonly status: ReplicaStatus;
  readonly leasedAt: Millis;
  readonly deadline: Millis;
  /** Leased on a unit whose answer the network already held, to see whether the node computes. */
  readonly canary?: true;
  readonly seal?: Hash;
  /** Identity that its node had when it sealed: caught with the node, whatever wallet that works for by then. */
  readonly by?: string;
  readonly draw?: Hash;
  /** Chosen by its draw to be checked whole. */
  readonly audit?: WholeCheck;
  /** The result by its blinded name; results with one tag are the same bytes. */
  readonly tag?: Hash;
  /** Other tags of the unit that the kernel's `agree` accepts as this one. */
  readonly near: readonly Hash[];
  readonly sizeBytes?: number;
  readonly revealedAt?: Millis;
  readonly chunks?: { readonly root: Hash; readonly count: number };
  /** log2 of the chance that its certificate passed although it is wrong. */
  readonly certified?: number;
  /** It was checked whole and passed: by its certificate, or because another identity got the same. */
  readonly passed?: true;
  /** Known once the unit is opened. */
  readonly resultDigest?: ResultDigest;
  readonly attestation?: LeafAttestation;
  readonly reward?: Wei;
  /** Why it ended without counting, in one word or code. */
  readonly reason?: string;
}

/** One act of verification: another node recomputes some chunks of a result. Immutable. */
export interface Check {
  readonly subject: NodeId;
  readonly checker: NodeId;
  /** Identity that the checker had when it took the lease, as for a replica. */
  readonly by?: string;
  readonly chunks: readonly number[];
  readonly status: 'leased' | 'passed' | 'disputed' | 'failed' | 'expired';
  readonly leasedAt: Millis;
  readonly deadline: Millis;
  /** The first chunk over which result and checker differ, and what each says. */
  readonly dispute?: { readonly index: number; readonly answered: Hash; readonly opened: Hash };
  readonly reward?: Wei;
}

/** What the network decided of a unit, and why. */
export interface Verdict {
  /** The strongest evidence there is for the result. */
  readonly by: 'vote' | 'credibility' | 'sample' | 'certificate' | 'audit';
  /** Upper bound of the chance that a wrong result is accepted so, under the assumed shares; 1 where only a count is promised. */
  readonly bound: number;
}

/** Immutable: a step makes a new one. */
export interface WorkUnit {
  readonly id: WorkUnitId;
  readonly index: number;
  readonly status: UnitStatus;
  readonly replicas: readonly Replica[];
  readonly checks: readonly Check[];
  /** Agreeing results wanted; audits, canaries and doubts raise it. */
  readonly target: number;
  /** Decided and waiting to be opened: the tag of the accepted result. */
  readonly decided?: Hash;
  /** The relay is to recompute this chunk (-1: the first that differs), because results or checkers differ. */
  readonly referee?: number;
  readonly verdict?: Verdict;
  readonly canonical?: ResultDigest;
}

/** A job in hot state. The shard owns it and changes it in place; see docs/adr/0003. */
export interface Job {
  readonly id: JobId;
  readonly order: JobOrder;
  readonly spec: JobSpec;
  readonly kernel: KernelFacts;
  readonly signature: Hex;
  readonly postedAt: Millis;
  status: JobStatus;
  units: WorkUnit[];
  counts: Record<UnitStatus, number>;
  /** Indices that still need a replica: with at least one already, and with none. Kept in the order they became so. */
  readonly started: Set<number>;
  readonly fresh: Set<number>;
  /** Indices with chunks to be recomputed by somebody. */
  readonly unchecked: Set<number>;
  /** Indices with a result that waits for its node's credibility. */
  readonly waiting: Set<number>;
  /** Indices with a live replica and no result yet. */
  readonly running: Set<number>;
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
  network: NetworkTag | null;
  consentSite: string;
  consentExpiresAt: Seconds;
  joinedAt: Millis;
  /** Set while the node is away. */
  left?: { at: Millis; how: 'bye' | 'lost' };
  payout?: { address: Address; expiry: Seconds };
  /** Replicas leased, committed or revealed and undecided, by unit. */
  readonly held: Map<WorkUnitId, { jobId: JobId; index: number }>;
  /** Checks leased, by unit. */
  readonly checking: Map<WorkUnitId, { jobId: JobId; index: number }>;
  /** Kernels it said it could run and could not, by name; and jobs whose units want more than it has, by id. */
  readonly lacks: Set<string>;
  counts: { agreed: number; disagreed: number; expired: number };
  /** Leases that ran out or failed since the last result; work waits until `backoffUntil`. */
  failures: number;
  backoffUntil: Millis;
  /** Units leased at once to one slot, so that they fill some seconds. */
  batch: number;
  lastCommitAt: Millis;
  credits: Credits;
  /** Rewards of accepted units; of it in sealed epochs; of that entered into the settlement tree for a linked wallet. */
  earned: Wei;
  sealed: Wei;
  settled: Wei;
  /** Of `sealed - settled`, who paid it: they get it back if the node is caught. */
  readonly unsettled: Map<Address, Wei>;
}

/** Who a node's results are counted for: its wallet, or itself while it has none. */
export interface Identity {
  readonly id: Address | NodeId;
  readonly firstSeenAt: Millis;
  /** Leases it may take in a day, and those it took on the day `day` (days since 1970). */
  quota: number;
  day: number;
  leasedToday: number;
  leases: number;
  /** Results checked whole or by sample and found right, and the work of paid checks in results. */
  verified: number;
  /** Keys of its accounts. */
  readonly accounts: Set<string>;
  caughtAt?: Millis;
}

/** What is known of an identity's results with one kernel on one class of device. */
export interface Account {
  readonly key: string;
  readonly identity: string;
  /** Results brought and not refuted, and of those checked whole and found right; both halve in seven days. */
  results: number;
  checked: number;
  at: Millis;
  reputation: Reputation;
  /** Mean time from lease to commit, as far as known. */
  meanMs?: number;
  /** Mean size of its results, and how fast they came. */
  meanBytes?: number;
  uplinkKbps?: number;
  /** Units with a result of it that wait for its credibility. */
  readonly waiting: Set<WorkUnitId>;
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
  trust: TrustConstants;
}

/** Counts since the journal began, for the network's own measures. */
export interface Totals {
  accepted: number;
  /** Of them, with a check stronger than a vote. */
  verified: number;
  checked: number;
  disagreed: number;
  completed: number;
  earned: Wei;
  /** Results taken, and work of checkers in results: 4 of 256 chunks are 1/64. */
  executions: number;
  checkWork: number;
  /** How often two results, or a result and its checker, differed. */
  disputed: number;
  canaries: number;
  canariesForged: number;
  caught: number;
  voided: number;
}

/** Everything the network knows that can still change: the fold of the journal. */
export interface ShardState {
  constants: ShardConstants | undefined;
  /** Time of the newest event. */
  now: Millis;
  /** Binds the secret that draws in the open epoch; the newest block hash known. */
  secretCommitment: Hash;
  beacon: Hash;
  beaconBlock: number;
  readonly jobs: Map<JobId, Job>;
  readonly nodes: Map<NodeId, NodeRecord>;
  /** Nodes that are here. */
  online: number;
  readonly identities: Map<string, Identity>;
  readonly accounts: Map<string, Account>;
  /** Run times by job and device class. */
  readonly durations: Map<string, Durations>;
  /** Where each unit of the jobs above lies. */
  readonly units: Map<WorkUnitId, { jobId: JobId; index: number }>;
  /** Units that are decided and not opened, or wait for the referee. */
  readonly asking: Set<WorkUnitId>;
  /** Receipts since the last sealed epoch; their `epoch` is set when it is sealed. */
  openReceipts: WorkReceipt[];
  readonly cumulative: Map<Address, Wei>;
  /** Forfeited rewards that the next epoch returns to whoever paid them. */
  readonly refunds: Map<Address, Wei>;
  /** Sealed epochs that are not final yet, oldest first. */
  epochs: Epoch[];
  /** Number of the newest sealed epoch; 0 before the first. */
  lastEpoch: number;
  readonly totals: Totals;
}
