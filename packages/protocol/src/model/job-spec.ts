import * as v from 'valibot';
import { BlobDigest, type Hash } from '../base/ids.ts';
import { ByteSize, Credits, Millis, Wei } from '../base/units.ts';
import { hashUnitInput } from '../base/hash.ts';
import { KernelRef } from './kernel-manifest.ts';
import { VerificationPolicy } from './policy.ts';

/** Largest job spec, and most units in one. */
export const MAX_SPEC_BYTES = 2 * 1024 * 1024;
export const MAX_UNITS = 4096;
export const MAX_PARAMS_CHARS = 4096;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

export const BlobRef = v.strictObject({ name, digest: BlobDigest, size: ByteSize });
/** A blob a unit reads, by the name its kernel knows it under. */
export type BlobRef = v.InferOutput<typeof BlobRef>;

export const UnitSpec = v.strictObject({
  /** The literal JSON text of the unit's parameters; its bytes are what is hashed. */
  params: v.pipe(v.string(), v.maxLength(MAX_PARAMS_CHARS)),
  /** Blobs only this unit reads. */
  blobs: v.pipe(v.array(BlobRef), v.maxLength(16)),
});
export type UnitSpec = v.InferOutput<typeof UnitSpec>;

export const StageSpec = v.strictObject({
  kernel: KernelRef,
  policy: VerificationPolicy,
  /** Blobs every unit reads, such as the model; named before the unit's own in the input digest. */
  shared: v.pipe(v.array(BlobRef), v.maxLength(16)),
  units: v.pipe(v.array(UnitSpec), v.minLength(1), v.maxLength(MAX_UNITS)),
  /** Paid for one accepted unit, all replicas and the fee together. */
  pricePerUnit: Wei,
  creditsPerUnit: Credits,
  leaseMs: v.pipe(Millis, v.minValue(2_000), v.maxValue(600_000)),
  /** Which nodes go first where there is a choice; the fastest unless said otherwise. */
  prefer: v.optional(v.picklist(['fastest', 'greenest'])),
  /** Parameters of the whole stage, for putting the results together; literal JSON text. */
  params: v.pipe(v.string(), v.maxLength(MAX_PARAMS_CHARS)),
});
export type StageSpec = v.InferOutput<typeof StageSpec>;

/**
 * What a requester orders. Its literal JSON bytes are stored as a blob and named by digest in the signed `JobOrder`,
 * so nothing about it can change after signing and no canonical JSON is needed.
 */
export const JobSpec = v.strictObject({
  v: v.literal(1),
  title: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  /** Who orders, as volunteers will read it; not verified. */
  requesterLabel: v.pipe(v.string(), v.maxLength(60)),
  stages: v.pipe(v.array(StageSpec), v.minLength(1), v.maxLength(1)),
});
export type JobSpec = v.InferOutput<typeof JobSpec>;

/** All blobs one unit reads, in the order they are hashed. */
export const unitBlobs = (stage: StageSpec, unit: UnitSpec): BlobRef[] => [...stage.shared, ...unit.blobs];

const inputDigests = new WeakMap<UnitSpec, { stage: StageSpec; digest: Hash }>();

/** Digest of all the unit reads; remembered, since every lease and every opening asks for it. */
export function unitInputDigest(stage: StageSpec, unit: UnitSpec): Hash {
  const known = inputDigests.get(unit);
  if (known?.stage === stage) return known.digest;
  const digest = hashUnitInput(unit.params, unitBlobs(stage, unit));
  inputDigests.set(unit, { stage, digest });
  return digest;
}

/** Escrow a job needs: every unit at its price. Failed units return theirs. */
export const requiredBudget = (spec: JobSpec): Wei =>
  spec.stages.reduce((sum, stage) => sum + stage.pricePerUnit * BigInt(stage.units.length), 0n);
