import type { Hex } from '@reckon/protocol/base/bytes';
import type { Address, Hash, JobId } from '@reckon/protocol/base/ids';
import type { Millis, Wei } from '@reckon/protocol/base/units';
import type { ShardCommand } from '@reckon/protocol/machine/commands';

export type EpochPost = Extract<ShardCommand, { type: 'post-epoch' }>;

/** An epoch as the chain has it. */
export interface PostedEpoch {
  tx: Hash;
  block: number;
  gasUsed: number;
  claimsRoot: Hash;
  /** From when its claims are paid. */
  finalAt: Millis;
}

/**
 * The chain, as far as a relay needs it. Every function throws {ReckonError} CHAIN_UNREACHABLE when it does not answer,
 * and CHAIN_REVERTED when a contract refuses.
 */
export interface Chain {
  /** Number, time and hash of the newest block. */
  head(): Promise<{ block: number; time: Millis; hash: Hash }>;
  /** All that was ever put into the job's escrow; 0 for an unknown job, and for one whose escrow is closed. */
  fundedTotal(jobId: JobId): Promise<Wei>;
  /** Jobs whose escrow grew in these blocks, both included. */
  fundedJobs(fromBlock: number, toBlock: number): Promise<{ jobId: JobId; block: number }[]>;
  /** The newest epoch posted; 0 before the first. */
  lastEpoch(): Promise<number>;
  findEpoch(epoch: number): Promise<PostedEpoch | undefined>;
  /**
   * Sends and waits until it is in a block. Sends are serialised.
   * @throws {ReckonError} SETTLEMENT_SHORTFALL while a job refunded too early leaves less than the claims promise.
   */
  postEpoch(post: EpochPost): Promise<PostedEpoch>;
  /** Whether an account, which may be a contract (EIP-1271), signed the digest. */
  verifyHash(account: Address, digest: Uint8Array, signature: Hex): Promise<boolean>;
}
