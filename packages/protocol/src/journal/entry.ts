import * as v from 'valibot';
import { Address, Hash, JobId, NetworkTag, NodeId, WalletSignature, WorkUnitId } from '../base/ids.ts';
import { ByteSize, Count, Millis, Seconds, Wei } from '../base/units.ts';
import { LeafAttestation, Salt } from '../model/attestation.ts';
import { CheckAnswer, ChunkOpening, MAX_CHECK_CHUNKS } from '../model/check-answer.ts';
import { SignedConsent } from '../model/consent.ts';
import { JobAction, JobOrder } from '../model/job-order.ts';
import { JobSpec } from '../model/job-spec.ts';
import { KernelFacts, MAX_CHUNKS } from '../model/kernel-manifest.ts';
import { TrustConstants } from '../model/trust-constants.ts';
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
    trust: TrustConstants,
    /** `secretCommitment` (trust/beacon.ts) of the secret that draws until the first epoch is sealed. */
    secretCommitment: Hash,
  }),
  v.strictObject({
    type: v.literal('job.posted'),
    at,
    jobId: JobId,
    order: JobOrder,
    signature: WalletSignature,
    /** Not among the entry's bytes (journal/encode-entry.ts): it is the blob that the order names. */
    spec: JobSpec,
    /** What the kernel's manifest says and the rules decide from. */
    kernel: KernelFacts,
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
    /** Blinded prefix of the address it comes from (/24 or /48), by which two nodes of one network are known as such;
     * null where an address says nothing, as on this machine or in a private network. */
    network: v.nullable(NetworkTag),
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
  v.strictObject({
    type: v.literal('node.asked'),
    at,
    nodeId: NodeId,
    slots: v.pipe(Count, v.maxValue(128)),
    draw,
    /** Round trip, where it is known. */
    rttMs: v.optional(Millis),
  }),
  /** A node has sealed a result. `draw` = `drawSeed(seal, the relay's secret of this epoch, beacon)`: it chooses audits and chunks. */
  v.strictObject({
    type: v.literal('replica.committed'),
    at,
    nodeId: NodeId,
    workUnitId: WorkUnitId,
    seal: Hash,
    beacon: Hash,
    draw: Hash,
  }),
  /**
   * The result and its signature are stored. Here it is known by its blinded tag only (`resultTag`), so that nobody can
   * copy it from the journal before the unit is decided. `near` are other tags that the kernel's `agree` accepts.
   */
  v.strictObject({
    type: v.literal('replica.revealed'),
    at,
    nodeId: NodeId,
    workUnitId: WorkUnitId,
    tag: Hash,
    size: ByteSize,
    near: v.pipe(v.array(Hash), v.maxLength(16)),
    /** Root over the result's chunks (`trust/chunk-tree.ts`), where the kernel has them. */
    chunks: v.optional(v.strictObject({ root: Hash, count: v.pipe(Count, v.minValue(1), v.maxValue(MAX_CHUNKS)) })),
    /** What the kernel's `check` said, where the policy or the draw asks for it. */
    certificate: v.optional(
      v.variant('passed', [
        v.strictObject({ passed: v.literal(true), errorLog2: v.pipe(v.number(), v.minValue(-1000), v.maxValue(0)) }),
        v.strictObject({ passed: v.literal(false), cause: v.pipe(v.string(), v.maxLength(200)) }),
      ]),
    ),
  }),
  /** A checker recomputed chunks of another node's result; `openings` are that result's, in the same order. */
  v.strictObject({
    type: v.literal('check.answered'),
    at,
    nodeId: NodeId,
    workUnitId: WorkUnitId,
    answer: CheckAnswer,
    openings: v.pipe(v.array(ChunkOpening), v.minLength(1), v.maxLength(MAX_CHECK_CHUNKS)),
    draw,
  }),
  /** The relay recomputed one chunk over which results, or a result and its checker, differ. Anyone can do the same. */
  v.strictObject({
    type: v.literal('unit.refereed'),
    at,
    workUnitId: WorkUnitId,
    index: Count,
    digest: Hash,
    /** The digest of that chunk in each result of the unit; none when the result that a checker disputed is void by now. */
    results: v.pipe(v.array(v.strictObject({ tag: Hash, digest: Hash })), v.maxLength(16)),
  }),
  /** A decided unit's results come into the open, with the key of their tags; seals and tags must fit them. */
  v.strictObject({
    type: v.literal('unit.opened'),
    at,
    workUnitId: WorkUnitId,
    tagKey: Hash,
    results: v.pipe(
      v.array(v.strictObject({ nodeId: NodeId, salt: Salt, attestation: LeafAttestation })),
      v.minLength(1),
      v.maxLength(15),
    ),
  }),
  v.strictObject({
    type: v.literal('replica.failed'),
    at,
    nodeId: NodeId,
    workUnitId: WorkUnitId,
    code: v.pipe(v.string(), v.maxLength(64)),
    draw,
  }),
  v.strictObject({ type: v.literal('clock.ticked'), at, draw }),
  /** A block of the chain: its hash goes into the draws that follow, so that the relay alone cannot choose them. */
  v.strictObject({ type: v.literal('beacon.seen'), at, block: Count, hash: Hash }),
  /**
   * Closes the open epoch; `journalRoot` is the log's root over all entries before this one. `secret` drew since the last
   * one and may now be checked by everybody; `nextCommitment` binds the next.
   */
  v.strictObject({
    type: v.literal('epoch.sealed'),
    at,
    epoch: Count,
    journalRoot: Hash,
    secret: Hash,
    nextCommitment: Hash,
  }),
  v.strictObject({ type: v.literal('epoch.posted'), at, epoch: Count, tx: Hash, block: Count, finalAt: Millis }),
  v.strictObject({ type: v.literal('epoch.final'), at, epoch: Count }),
]);
export type ShardEvent = v.InferOutput<typeof ShardEvent>;
export type ShardEventOf<T extends ShardEvent['type']> = Extract<ShardEvent, { type: T }>;
