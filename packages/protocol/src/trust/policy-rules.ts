import type { Sampling } from '../model/policy.ts';

/** What a verification policy asks for, in the terms the unit machine decides by. One file in `policies/` for each policy. */
export interface PolicyRules {
  /** Agreeing results wanted of every unit at least. */
  readonly votes: number;
  /** Most results taken before the unit fails. */
  readonly maxReplicas: number;
  /** ε: a result is accepted once its nodes are credible to 1 − ε; whole checks are drawn to get there. */
  readonly epsilon?: number;
  /** Chunks of every result recomputed by others before it is accepted. */
  readonly sample?: Sampling;
  /** Every result's certificate is checked. */
  readonly certificate: boolean;
}
