import * as v from 'valibot';
import { Address, BlobDigest, Hash, JobId, NodeId, ResultDigest, WalletSignature, WorkUnitId } from '../base/ids.ts';
import { ByteSize, Count, Millis, Seconds, Wei } from '../base/units.ts';
import { LeafAttestation } from '../model/attestation.ts';
import { SignedConsent } from '../model/consent.ts';
import { JobAction, JobOrder } from '../model/job-order.ts';
import { JobSpec } from '../model/job-spec.ts';
import { Capabilities } from '../wire/capabilities.ts';
import { NodeKind } from '../wire/messages.ts';

/**
 * Everything the network decides from, in order. The shard's state is the fold of these over `stepShard`; what the
 * network decided follows from them. Times and drawn numbers are data here, so a replay is exact.
 */
const at = Millis;
const draw = v.pipe(Count, v.description('a u32 drawn by the relay'));

export const ShardEvent = v.variant('type', [
  /** First entry of every journal: the constants all rules refer to. */
  v.strictObject({
    type: v.literal('shard.opened'),
    at,
    relayId: v.pipe(v.string(), v.maxLength(80)),
    chainId: Count,
    settlement: Address,
    escrow: Address,
    /** Receives the protocol fee. */
    operator: Address,
    /** Fee in hundredths of a percent of a unit's price. */
    feeBps: v.pipe(Count, v.maxValue(10_000)),
    /** How long a node that lost its connection keeps its leases. */
    graceMs: Millis,
  }),
  v.strictObject({
    type: v.literal('job.posted'),
    at,
    jobId: JobId,
    order: JobOrder,
    signature: WalletSignature,
    spec: JobSpec,
  }),
  /** The escrow contract holds `total` for the job, seen on chain. */
  v.strictObject({ type: v.literal('job.funded'), at, jobId: JobId, total: Wei, block: Count }),
  v.strictObject({
    type: v.literal('job.controlled'),
    at,
    jobId: JobId,
    action: JobAction,
    nonce: Millis,
    signature: WalletSignature,
  }),
  v.strictObject({
    type: v.literal('node.joined'),
    at,
    nodeId: NodeId,
    kind: NodeKind,
    agent: v.pipe(v.string(), v.maxLength(120)),
    capabilities: Capabilities,
    consent: SignedConsent,
  }),
  /** `bye` returns leases at once; `lost` after the grace period. */
  v.strictObject({ type: v.literal('node.left'), at, nodeId: NodeId, how: v.picklist(['bye', 'lost']) }),
  v.strictObject({
    type: v.literal('node.delegated'),
    at,
    nodeId: NodeId,
    payoutAddress: Address,
    expiry: Seconds,
    signature: WalletSignature,
  }),
  /** The node may hold up to `slots` leases; the step leases what `assign` chooses with `draw`. */
  v.strictObject({ type: v.literal('node.asked'), at, nodeId: NodeId, slots: v.pipe(Count, v.maxValue(128)), draw }),
  v.strictObject({ type: v.literal('replica.committed'), at, nodeId: NodeId, attestation: LeafAttestation }),
  /** The bytes are in the blob store. `near` are the unit's other revealed digests that the kernel's `agree` accepts. */
  v.strictObject({
    type: v.literal('replica.revealed'),
    at,
    nodeId: NodeId,
    workUnitId: WorkUnitId,
    resultDigest: ResultDigest,
    size: ByteSize,
    near: v.pipe(v.array(BlobDigest), v.maxLength(16)),
  }),
  v.strictObject({
    type: v.literal('replica.failed'),
    at,
    nodeId: NodeId,
    workUnitId: WorkUnitId,
    code: v.pipe(v.string(), v.maxLength(64)),
  }),
  v.strictObject({ type: v.literal('clock.ticked'), at }),
  /** Closes the open epoch; `journalRoot` is the log's root over all entries before this one. */
  v.strictObject({ type: v.literal('epoch.sealed'), at, epoch: Count, journalRoot: Hash }),
  v.strictObject({ type: v.literal('epoch.posted'), at, epoch: Count, tx: Hash, block: Count, finalAt: Millis }),
  v.strictObject({ type: v.literal('epoch.final'), at, epoch: Count }),
]);
export type ShardEvent = v.InferOutput<typeof ShardEvent>;
export type ShardEventOf<T extends ShardEvent['type']> = Extract<ShardEvent, { type: T }>;
