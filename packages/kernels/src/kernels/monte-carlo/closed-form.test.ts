import { expect, test } from 'vitest';
import { closedForm } from './closed-form.ts';
import { type Order, readOrder } from './params.ts';
import { exp, ln, normalBelow } from './real.ts';

const order = (changes: Partial<Order>): Order =>
  readOrder({ problem: 'european', rate: 0.05, pathsPerBlock: 4096, blocks: 1024, ...changes });

test('e^x, ln x and the normal distribution are right to 1e-14', () => {
  for (let x = -30; x <= 30; x += 0.37) {
    expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
    expect(Math.abs(ln(exp(x)) - x)).toBeLessThan(1e-13);
  }
  // Abramowitz and Stegun, table 26.1.
  expect(normalBelow(0)).toBe(0.5);
  expect(normalBelow(1)).toBeCloseTo(0.841344746068543, 14);
  expect(normalBelow(-2)).toBeCloseTo(0.02275013194818, 14);
  expect(normalBelow(5)).toBeCloseTo(0.999999713348428, 14);
  expect([normalBelow(-50), normalBelow(50)]).toEqual([0, 1]);
});

test('the Black–Scholes price is that of the books', () => {
  // S = K = 100, r = 5 %, σ = 20 %, one year: 10.4506 and 5.5735, in any textbook.
  expect(closedForm(order({})).value).toBeCloseTo(10.450584, 6);
  expect(closedForm(order({ option: 'put' })).value).toBeCloseTo(5.573526, 6);
  // Hull, example 15.6: S = 42, K = 40, r = 10 %, σ = 20 %, half a year: 4.76 and 0.81.
  const hull = { spot: 42, strike: 40, rate: 0.1, years: 0.5 };
  expect(closedForm(order(hull)).value).toBeCloseTo(4.76, 2);
  expect(closedForm(order({ ...hull, option: 'put' })).value).toBeCloseTo(0.81, 2);
});

test('with one date the geometric average is the price at the end', () => {
  const value = closedForm(order({ problem: 'asian', steps: 1 })).value;
  expect(value).toBeCloseTo(closedForm(order({})).value, 12);
  expect(closedForm(order({ problem: 'asian', steps: 52 })).value).toBeLessThan(value);
});
