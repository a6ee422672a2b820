import * as v from 'valibot';
import { toHex } from '../base/bytes.ts';
import { Address, BlobDigest, Hash, JobId, WalletSignature } from '../base/ids.ts';
import { hashStruct } from '../base/typed-data.ts';
import { Millis, Seconds, Wei } from '../base/units.ts';

/** What the requester's wallet signs (EIP-712 `JobOrder`). */
export const JobOrder = v.strictObject({
  requester: Address,
  specDigest: BlobDigest,
  /** Escrow this order may spend. */
  budget: Wei,
  /** After this, anybody may return the unspent escrow. */
  expiresAt: Seconds,
  /** Random, so that the same spec can be ordered twice. */
  salt: Hash,
});
export type JobOrder = v.InferOutput<typeof JobOrder>;

export const SignedJobOrder = v.strictObject({ order: JobOrder, signature: WalletSignature });
export type SignedJobOrder = v.InferOutput<typeof SignedJobOrder>;

/** The job's id, here and in the escrow contract. */
export const jobIdOf = (order: JobOrder): JobId => toHex(hashStruct('JobOrder', order)) as JobId;

export const JobAction = v.picklist(['pause', 'resume', 'cancel']);
export type JobAction = v.InferOutput<typeof JobAction>;

/** A requester's signed wish about a job (EIP-712 `JobControl`); `nonce` must grow, so that none is repeated; the time does. */
export const SignedJobControl = v.strictObject({
  jobId: JobId,
  action: JobAction,
  nonce: Millis,
  signature: WalletSignature,
});
export type SignedJobControl = v.InferOutput<typeof SignedJobControl>;
