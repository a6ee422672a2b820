import { biasBound } from './bias.ts';
import { closedForm, discount } from './closed-form.ts';
import { type Order, PRICE_BITS } from './params.ts';
import type { BlockRecord } from './record.ts';
import { standingOut } from './standing-out.ts';

/** The normal distribution has 95 % within this many standard deviations. */
const WITHIN_95 = 1.959963984540054;

export interface Totals {
  count: number;
  sum: bigint;
  squares: bigint;
}

export const addUp = (records: readonly BlockRecord[]): Totals =>
  records.reduce<Totals>(
    (all, { count, sum, squares }) => ({
      count: all.count + count,
      sum: all.sum + sum,
      squares: all.squares + squares,
    }),
    { count: 0, sum: 0n, squares: 0n },
  );

/** Mean of the paths' values and its standard error, in units of a value; the error is exact but for the last rounding. */
export function meanOf({ count, sum, squares }: Totals): { mean: number; error: number } {
  const n = BigInt(count);
  const spread = Number(n * squares - sum * sum);
  return { mean: Number(sum) / count, error: Math.sqrt(spread / (count - 1)) / count };
}

/** What one unit of a path's value is worth in the estimate: four for π, today's money for options. */
export const worthOf = (order: Order): number =>
  order.problem === 'pi' ? 4 : discount(order) * order.spot * 2 ** -PRICE_BITS;

/** What `result.json` says of the answer; `null` where there are too few paths to say it. */
export function estimate(order: Order, records: readonly BlockRecord[]) {
  const totals = addUp(records);
  const worth = worthOf(order);
  const known = closedForm(order);
  const enough = totals.count >= 2;
  const { mean, error } = enough ? meanOf(totals) : { mean: 0, error: 0 };
  const [value, standardError] = [mean * worth, error * worth];
  return {
    problem: order.problem,
    estimate: enough ? value : null,
    standardError: enough ? standardError : null,
    interval95: enough ? [value - WITHIN_95 * standardError, value + WITHIN_95 * standardError] : null,
    paths: totals.count,
    closedForm: {
      ...known,
      deviations: known.relation === 'equal' && standardError > 0 ? (value - known.value) / standardError : null,
    },
    biasBound: biasBound(order),
    blocks: standingOut(order, records, worth),
  };
}
