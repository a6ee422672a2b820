import * as v from 'valibot';
import { NodeId } from '../base/ids.ts';
import { Count, Millis, Wei } from '../base/units.ts';

/** Parts of the relay's answers about verification. */

export const UnitVerdict = v.object({
  by: v.picklist(['vote', 'credibility', 'sample', 'certificate', 'audit']),
  /** Upper bound of the chance that a wrong result is accepted so; 1 where only a count is promised. */
  bound: v.number(),
});
export type UnitVerdict = v.InferOutput<typeof UnitVerdict>;

/** Chunks of one node's result that another recomputed. */
export const UnitCheck = v.object({
  checker: NodeId,
  subject: NodeId,
  chunks: v.array(Count),
  status: v.picklist(['leased', 'passed', 'disputed', 'failed', 'expired']),
  reward: Wei,
});
export type UnitCheck = v.InferOutput<typeof UnitCheck>;

/** How the network regards a node's identity: its wallet, or the node itself. */
export const Standing = v.object({
  /** Results checked and found right; rewards are held back below `holdUntil`. */
  verified: Count,
  holdUntil: Count,
  /** Leases left today. */
  quotaLeft: Count,
  /** Mean of the reputation over its accounts, 0 to 1. */
  reputation: v.number(),
  barredUntil: v.nullable(Millis),
});
export type Standing = v.InferOutput<typeof Standing>;

/** The network's own measures, since the journal began. */
export const TrustMeasures = v.object({
  /** Accepted results, and those of them with a check stronger than a vote. */
  accepted: Count,
  verified: Count,
  /** Results taken plus the work of checkers, in results. */
  executions: v.number(),
  disputed: Count,
  canaries: Count,
  canariesForged: Count,
  caught: Count,
  voided: Count,
});
export type TrustMeasures = v.InferOutput<typeof TrustMeasures>;
