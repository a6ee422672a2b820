import type { Hash } from '@reckon/protocol/base/ids';
import type { ShardEvent } from '@reckon/protocol/journal/entry';
import type { StepResult } from '@reckon/protocol/machine/commands';
import type { KernelFacts } from '@reckon/protocol/model/kernel-manifest';
import type { VerificationPolicy } from '@reckon/protocol/model/policy';
import type { TrustConstants } from '@reckon/protocol/model/trust-constants';
import type { Strategy } from './strategy.ts';

/** A policy with the kernel it is tried on and what the rules assume of strangers. */
export interface Scheme {
  readonly name: string;
  readonly policy: VerificationPolicy;
  readonly kernel: KernelFacts;
  /** Chunks of a result; 0 for a kernel that has none. */
  readonly chunks: number;
  readonly trust: Partial<TrustConstants>;
}

export interface Churn {
  readonly name: string;
  /** Units an identity brings before it leaves for good. */
  readonly unitsEach: number;
  /** Share of identities that vanish in the middle of one of their first 20 units. */
  readonly killed: number;
}

export interface WorldOptions {
  readonly seed: number;
  /** How many are present at a time; whoever leaves is followed by a stranger. */
  readonly volunteers: number;
  readonly units: number;
  /** Units of one job; as many jobs as it takes are posted at once. One job without it. */
  readonly jobUnits?: number;
  readonly scheme: Scheme;
  readonly churn: Churn;
  /** Share of arriving identities that follow the strategy. */
  readonly saboteurs: number;
  readonly strategy: Strategy;
  /** Epochs are sealed this often; never without it. */
  readonly sealEveryMs?: number;
  /** The log's root, for the epoch's entry. */
  readonly journalRoot?: () => Hash;
  /** Each identity works for a wallet of its own. */
  readonly wallets?: true;
  readonly onEvent?: (event: ShardEvent, result: StepResult) => void;
}

/** Time of a unit on the median device. */
export const UNIT_MS = 4_000;
