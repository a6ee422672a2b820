import type { Wei } from '@reckon/protocol/base/units';
import { feeOf } from '@reckon/protocol/machine/reward';
import type { JobSpec } from '@reckon/protocol/model/job-spec';

/**
 * What a job costs, before a wallet opens. A unit has one price whatever happens to it: all agreeing nodes, checkers and the fee
 * are paid out of it, and a unit that fails is not charged. So the cost is between `best` and `worst`, never above escrow.
 */
export interface PriceBreakdown {
  units: number;
  perUnit: Wei;
  /** Escrow, to the wei; the same as `worst`. */
  budget: Wei;
  /** Least that is spent: no unit is accepted and everything returns. */
  best: Wei;
  /** What is spent when every unit is accepted, as is usual. */
  likely: Wei;
  /** Most that can ever be spent. */
  worst: Wei;
  /** Part of `likely` that the relay keeps, and part that nodes earn. */
  fee: Wei;
  rewards: Wei;
}

export function priceBreakdown(spec: JobSpec, feeBps: number): PriceBreakdown {
  const zero = { units: 0, budget: 0n, fee: 0n };
  const sum = spec.stages.reduce((all, stage) => {
    const count = BigInt(stage.units.length);
    return {
      units: all.units + stage.units.length,
      budget: all.budget + stage.pricePerUnit * count,
      fee: all.fee + feeOf(stage.pricePerUnit, feeBps) * count,
    };
  }, zero);
  return {
    units: sum.units,
    perUnit: spec.stages[0]?.pricePerUnit ?? 0n,
    budget: sum.budget,
    best: 0n,
    likely: sum.budget,
    worst: sum.budget,
    fee: sum.fee,
    rewards: sum.budget - sum.fee,
  };
}
