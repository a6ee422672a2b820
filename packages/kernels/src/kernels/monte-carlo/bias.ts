import { discount } from './closed-form.ts';
import { NORMAL_ERROR, NORMAL_MAX, POWER_ERROR } from './fixed-point.ts';
import { drawsOf, LOG_BITS, type Order, PRICE_BITS, SPREAD_BITS } from './params.ts';
import { exp, normalBelow } from './real.ts';

/**
 * How far the expected value of an estimate may lie from the true one, since numbers are whole and normal ones end at 6.34:
 * in the estimate's own unit. It does not shrink with more paths.
 *
 * π: a point stands for a square of side 2⁻³⁰; at most 2 · 2³⁰ squares are cut by the circle.
 * Options: the payoff changes by no more than the average price does, and that by no more than the price that moves most. A
 * price is off by (1) the error of its log growth, added up over the steps; (2) that of the power; (3) rounding of price,
 * average and strike; (4) what lies beyond the largest normal number and 2^±8, by the weight that growth gives to it; (5) the
 * 2³² steps of a normal number: the widest that has weight is e^(deviation · 6.34) of them.
 */
export function biasBound(order: Order): number {
  if (order.problem === 'pi') return 4 * 2 * 2 ** -30;
  const { rate, volatility, years, spot } = order;
  const steps = drawsOf(order);
  const total = volatility * Math.sqrt(years);
  const deviation = total / Math.sqrt(steps);
  const drift = (rate - (volatility * volatility) / 2) * years;
  const stepError =
    deviation * NORMAL_ERROR +
    Math.LN2 * (NORMAL_MAX * 2 ** -(SPREAD_BITS + 1) + 2 ** -LOG_BITS + 2 ** -(LOG_BITS + 1));
  const relative = exp(steps * stepError) * (1 + POWER_ERROR) - 1;
  const beyond =
    steps * 2 * normalBelow(deviation - NORMAL_MAX) + 2 * normalBelow(total - (8 * Math.LN2 - Math.abs(drift)) / total);
  const grain = steps * 2 ** -32 * exp(deviation * NORMAL_MAX);
  const growth = exp(Math.max(0, rate * years));
  return discount(order) * spot * (growth * (relative + beyond + grain) + 3 * 2 ** -(PRICE_BITS + 1));
}
