import * as v from 'valibot';
import { Count, Millis } from '../base/units.ts';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(0.5));

/** What the rules assume of strangers, and how they treat newcomers. Fixed for the life of a journal. */
export const TrustConstants = v.strictObject({
  /** f: share of identities assumed to be faulty before anything is known of them. */
  faultyShare: share,
  /** F: chance that a check is made by somebody who works together with whom it checks. */
  colludingShare: share,
  /** Least chance that a result is checked whole under a policy with ε, however credible its node. */
  auditFloor: share,
  /** Results an identity is expected to bring at least; its checks are spread over them. */
  horizon: v.pipe(Count, v.minValue(1), v.maxValue(10_000)),
  /** First leases of an identity that are canaries where there are any, and the share of leases afterwards. */
  warmUp: v.pipe(Count, v.maxValue(100)),
  canaryShare: share,
  /** Share of agreeing checkers whose answer the relay recomputes. */
  recheckShare: share,
  /** Rewards of an identity are held back until so many of its results were checked. */
  holdChecked: v.pipe(Count, v.maxValue(10_000)),
  /** How long an identity that was caught gets no work. */
  barredMs: Millis,
});
export type TrustConstants = v.InferOutput<typeof TrustConstants>;

export const DEFAULT_TRUST: TrustConstants = {
  faultyShare: 0.05,
  colludingShare: 0.05,
  auditFloor: 0.05,
  horizon: 20,
  warmUp: 2,
  canaryShare: 0.02,
  recheckShare: 0.02,
  holdChecked: 10,
  barredMs: 28 * 24 * 60 * 60 * 1000,
};
