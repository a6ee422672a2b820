import * as v from 'valibot';
import { WireError } from '../base/errors.ts';
import { Address, BlobDigest, Hash, JobId, NodeId, Signature, WorkUnitId } from '../base/ids.ts';
import { ByteSize, Count, Credits, Millis, Wei } from '../base/units.ts';
import { BatchAttestation, MAX_BATCH, Salt } from '../model/attestation.ts';
import { CheckAnswer, MAX_CHECK_CHUNKS } from '../model/check-answer.ts';
import { SignedConsent } from '../model/consent.ts';
import { SignedDelegation } from '../model/delegation.ts';
import { BlobRef, MAX_PARAMS_CHARS } from '../model/job-spec.ts';
import { KernelRef } from '../model/kernel-manifest.ts';
import { Capabilities } from './capabilities.ts';

/** Control messages between a node and its relay: JSON text, one object each, versioned, strict and bounded. */
export const WIRE_VERSION = 2;
/** Longest control message, in characters. */
export const MAX_CONTROL_CHARS = 64 * 1024;

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** Counts a node's messages from 1; a relay refuses what does not grow. */
const seq = v.pipe(Count, v.minValue(1));

export const NodeKind = v.picklist(['tab', 'widget', 'headless', 'house']);
export type NodeKind = v.InferOutput<typeof NodeKind>;

/** Node → relay. */
export const NodeMessage = v.variant('type', [
  /** First message of a node: who it is, what it can do, that its person agreed. Signs the relay's challenge. */
  v.strictObject({
    type: v.literal('hello'),
    v: v.pipe(v.number(), v.integer()),
    seq,
    nodeId: NodeId,
    kind: NodeKind,
    agent: text(120),
    capabilities: Capabilities,
    consent: SignedConsent,
    signature: Signature,
  }),
  /** How many units the relay may have under lease here at once: free slots and the one ahead of each. */
  v.strictObject({ type: v.literal('ready'), seq, slots: v.pipe(Count, v.maxValue(128)) }),
  /** Seals of finished units (`trust/seal.ts`): what was found, bound to this node and hidden from everybody else. */
  v.strictObject({
    type: v.literal('commit'),
    seq,
    seals: v.pipe(
      v.array(v.strictObject({ workUnitId: WorkUnitId, seal: Hash })),
      v.minLength(1),
      v.maxLength(MAX_BATCH),
    ),
  }),
  /** Opens seals: signed results with their salts, in order. The bytes follow as blobs; `stored` answers when they are safe. */
  v.strictObject({
    type: v.literal('reveal'),
    seq,
    batch: BatchAttestation,
    salts: v.pipe(v.array(Salt), v.minLength(1), v.maxLength(MAX_BATCH)),
  }),
  /** Chunks recomputed for a check lease, signed. */
  v.strictObject({ type: v.literal('checked'), seq, workUnitId: WorkUnitId, answer: CheckAnswer }),
  /** A unit, or a check of one, that this node cannot finish. */
  v.strictObject({ type: v.literal('failed'), seq, workUnitId: WorkUnitId, error: WireError }),
  /** Every `heartbeatMs`: still here, and how far each unit is. */
  v.strictObject({
    type: v.literal('heartbeat'),
    seq,
    units: v.pipe(v.array(v.strictObject({ workUnitId: WorkUnitId, fraction })), v.maxLength(128)),
    /** Slot time computed since the last heartbeat, and slot time there was; their ratio is the busy share. */
    busyMs: Millis,
    slotMs: Millis,
    /** Round trip of the last heartbeat, once there was one. */
    rttMs: v.optional(v.pipe(Millis, v.maxValue(600_000))),
  }),
  v.strictObject({ type: v.literal('delegate'), seq, delegation: SignedDelegation }),
  /** Asks for a blob from `offset` on. */
  v.strictObject({ type: v.literal('want'), seq, digest: BlobDigest, offset: ByteSize }),
  /** Opens a stream of frames. Digest and size are checked when it is complete. */
  v.strictObject({ type: v.literal('blob'), seq, stream: Count, digest: BlobDigest, size: ByteSize }),
  /** Leaves at once; leases held return to the queue. */
  v.strictObject({ type: v.literal('bye'), seq, reason: text(60) }),
]);
export type NodeMessage = v.InferOutput<typeof NodeMessage>;

export const Lease = v.strictObject({
  type: v.literal('lease'),
  workUnitId: WorkUnitId,
  jobId: JobId,
  index: Count,
  /** How many units the job has, for the sentence on the volunteer's page. */
  units: Count,
  title: text(120),
  requesterLabel: text(60),
  kernel: KernelRef,
  params: text(MAX_PARAMS_CHARS),
  blobs: v.pipe(v.array(BlobRef), v.maxLength(32)),
  inputDigest: Hash,
  /** Time left; relative, because clocks differ. */
  leaseMs: Millis,
  credits: Credits,
  /** Most this unit can pay this node. */
  reward: Wei,
  /** Set for a check: recompute only these chunks, and answer with `checked`. */
  chunks: v.optional(v.pipe(v.array(Count), v.minLength(1), v.maxLength(MAX_CHECK_CHUNKS))),
});
export type Lease = v.InferOutput<typeof Lease>;

/** Relay → node. */
export const RelayMessage = v.variant('type', [
  /** First message of the relay. */
  v.strictObject({
    type: v.literal('challenge'),
    v: v.pipe(v.number(), v.integer()),
    relayId: text(80),
    challenge: Hash,
    chainId: Count,
    settlement: Address,
    time: Millis,
  }),
  v.strictObject({
    type: v.literal('welcome'),
    nodeId: NodeId,
    heartbeatMs: Millis,
    payoutAddress: v.nullable(Address),
  }),
  Lease,
  /** These results are on disk and in the journal: they survive any crash of the relay. */
  v.strictObject({ type: v.literal('stored'), workUnitIds: v.pipe(v.array(WorkUnitId), v.maxLength(MAX_BATCH)) }),
  /** What the network decided of a result. */
  v.strictObject({
    type: v.literal('verdict'),
    workUnitId: WorkUnitId,
    jobId: JobId,
    verdict: v.picklist(['agreed', 'disagreed', 'expired', 'not-needed']),
    credits: Credits,
    reward: Wei,
    /** Why, for a result that did not count. */
    reason: v.optional(WireError),
  }),
  /** Stop computing this unit. */
  v.strictObject({ type: v.literal('revoked'), workUnitId: WorkUnitId, reason: text(120) }),
  v.strictObject({ type: v.literal('delegated'), payoutAddress: Address }),
  v.strictObject({ type: v.literal('blob'), stream: Count, digest: BlobDigest, size: ByteSize, offset: ByteSize }),
  v.strictObject({ type: v.literal('missing'), digest: BlobDigest }),
  /** Answers a heartbeat, so that a node notices a connection that broke without a word. */
  v.strictObject({ type: v.literal('heard') }),
  /** Nothing to lease now; the node waits, the relay sends when there is. */
  v.strictObject({ type: v.literal('idle'), reason: text(120) }),
  /** A coded refusal; the channel closes after a fatal one. `workUnitId` when it is about one unit. */
  v.strictObject({
    type: v.literal('refused'),
    error: WireError,
    fatal: v.boolean(),
    workUnitId: v.optional(WorkUnitId),
  }),
]);
export type RelayMessage = v.InferOutput<typeof RelayMessage>;
