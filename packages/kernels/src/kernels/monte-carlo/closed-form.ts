import type { Order } from './params.ts';
import { exp, ln, normalBelow } from './real.ts';

/** What is known of the answer without random numbers. */
export interface ClosedForm {
  name: string;
  value: number;
  /** `equal`: what the estimate tends to; else the estimate tends to something above or below it. */
  relation: 'equal' | 'above' | 'below';
}

/** e^(−rate · years): what money at the option's end is worth today. */
export const discount = ({ rate, years }: Order): number => exp(-rate * years);

/** Today's price of an option on a price whose logarithm is normal, `mean` and `deviation` of it over spot. */
function logNormalOption(order: Order, mean: number, deviation: number): number {
  const { option, spot, strike } = order;
  const d = (mean + ln(spot / strike)) / deviation;
  const forward = spot * exp(mean + (deviation * deviation) / 2);
  const call = forward * normalBelow(d + deviation) - strike * normalBelow(d);
  return discount(order) * (option === 'call' ? call : call - forward + strike);
}

/**
 * π; the Black–Scholes price (Black and Scholes 1973); for an arithmetic Asian option the price of the geometric one (Kemna
 * and Vorst 1990, for `steps` dates), whose average is never above the arithmetic one.
 */
export function closedForm(order: Order): ClosedForm {
  if (order.problem === 'pi') return { name: 'π', value: Math.PI, relation: 'equal' };
  const { rate, volatility, years, steps, option } = order;
  const drift = rate - (volatility * volatility) / 2;
  const deviation = volatility * Math.sqrt(years);
  if (order.problem === 'european') {
    return { name: 'Black–Scholes price', value: logNormalOption(order, drift * years, deviation), relation: 'equal' };
  }
  const mean = (drift * years * (steps + 1)) / (2 * steps);
  const share = Math.sqrt(((steps + 1) * (2 * steps + 1)) / (6 * steps * steps));
  const value = logNormalOption(order, mean, deviation * share);
  return { name: 'price with the geometric average', value, relation: option === 'call' ? 'above' : 'below' };
}
