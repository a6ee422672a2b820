import { expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { closedForm, discount } from './closed-form.ts';
import { readOrder } from './params.ts';
import { decodeRecord, encodeRecord, RECORD_BYTES } from './record.ts';
import { exp } from './real.ts';
import { monteCarloRules } from './rules.ts';
import { monteCarloKernel } from './run.ts';

interface Merged {
  estimate: number;
  standardError: number;
  interval95: [number, number];
  paths: number;
  closedForm: { name: string; value: number; deviations: number | null };
  biasBound: number;
  blocks: { count: number; median: number; largestDeviation: number | null; standingOut: number[] };
  missing: { first: number; last: number }[];
}

/** Splits, runs and merges, as the network does. */
async function resultsOf(params: Record<string, unknown>) {
  const plan = await monteCarloRules.split(params, new Map());
  const results: (Uint8Array | undefined)[] = [];
  for (const unit of plan.units) {
    results.push((await monteCarloKernel.run({ params: unit.params, blobs: new Map() }, context())).bytes);
  }
  return { plan, results };
}
function merge(stageParams: string, results: readonly (Uint8Array | undefined)[]): Merged {
  const [file] = monteCarloRules.merge(stageParams, results);
  expect(file?.name).toBe('estimate.json');
  return JSON.parse(Buffer.from(file?.bytes as Uint8Array).toString()) as Merged;
}
async function estimateOf(params: Record<string, unknown>): Promise<Merged> {
  const { plan, results } = await resultsOf(params);
  return merge(plan.stageParams, results);
}

const PATHS = 3_000_000;
const european = { problem: 'european', paths: PATHS, rate: 0.05 };

test.each([
  { problem: 'pi', paths: PATHS, seed: 1 },
  { problem: 'pi', paths: PATHS, seed: 2, generator: 'threefry4x32-20' },
  { ...european, seed: 3 },
  { ...european, seed: 4, option: 'put' },
  { ...european, seed: 5, generator: 'threefry4x32-20' },
  { ...european, seed: 6, strike: 140 },
  { ...european, seed: 7, strike: 70, volatility: 0.74, option: 'put' },
  { ...european, seed: 8, volatility: 0.01, rate: -0.02, strike: 99 },
  { ...european, seed: 9, volatility: 0.3, years: 5, spot: 0.02, strike: 0.025 },
])('the estimate is within four standard errors of what is known: %o', async (params) => {
  const { estimate, standardError, interval95, closedForm: known, biasBound, paths } = await estimateOf(params);
  expect(Math.abs(estimate - known.value)).toBeLessThan(4 * standardError);
  expect(known.deviations).toBeCloseTo((estimate - known.value) / standardError, 9);
  expect(interval95[1] - interval95[0]).toBeCloseTo(3.92 * standardError, 4);
  expect(paths).toBe(PATHS);
  // The stated bias is below the noise of this many paths; where there is volatility, of a thousand times as many.
  expect(biasBound).toBeLessThan(standardError / ((params as { volatility?: number }).volatility === 0.01 ? 1 : 32));
});

test('the standard error is that of so many points', async () => {
  const { standardError } = await estimateOf({ problem: 'pi', paths: 1_000_000, seed: 5 });
  // A point is a hit with chance p = π/4, so the error is 4 √(p (1 − p) / n).
  expect(standardError).toBeCloseTo(4 * Math.sqrt(((Math.PI / 4) * (1 - Math.PI / 4)) / 1_000_000), 5);
});

test('the mean price itself grows by the rate: call less put is what must be, to the last path', async () => {
  const asian = { problem: 'asian', paths: 400_000, steps: 9, rate: 0.08, volatility: 0.25, strike: 95, seed: 12 };
  const [call, put] = await Promise.all([estimateOf(asian), estimateOf({ ...asian, option: 'put' })]);
  const order = readOrder(asian);
  let average = 0;
  for (let step = 1; step <= 9; step++) average += (100 * exp((0.08 * step) / 9)) / 9;
  const parity = discount(order) * (average - 95);
  const error = call.standardError + put.standardError;
  expect(Math.abs(call.estimate - put.estimate - parity)).toBeLessThan(4 * error);
  expect(call.estimate).toBeGreaterThan(call.closedForm.value);
  expect(call.closedForm.deviations).toBeNull();
});

test('an Asian option of two dates costs what integration says', async () => {
  const asian = { problem: 'asian', paths: PATHS, steps: 2, rate: 0.05, volatility: 0.4, strike: 105, seed: 21 };
  const { estimate, standardError } = await estimateOf(asian);
  expect(Math.abs(estimate - twoDates(0.05, 0.4, 105))).toBeLessThan(4 * standardError);
});

/** Given the price S at half time, (S + S′) / 2 − K is half of what a European option on S′ struck at 2K − S pays. */
function twoDates(rate: number, volatility: number, strike: number): number {
  const [step, width] = [0.5, 1 / 256];
  let value = 0;
  for (let z = -8; z <= 8; z += width) {
    const middle = 100 * Math.exp((rate - volatility ** 2 / 2) * step + volatility * Math.sqrt(step) * z);
    const left = 2 * strike - middle;
    const terms = { ...readOrder({ problem: 'european', rate, volatility, years: step }), spot: middle, strike: left };
    // A strike below zero is always exercised.
    const pays = left > 0 ? closedForm(terms).value : middle - left * Math.exp(-rate * step);
    value += ((pays / 2) * Math.exp(-rate * step) * width * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return value;
}

test('what is missing is named, and the rest still counts', async () => {
  const { plan, results } = await resultsOf({ paths: 1000, pathsPerBlock: 100, blocks: 4 });
  const partial = merge(plan.stageParams, [results[0], undefined, results[2]]);
  expect(partial.missing).toEqual([{ first: 400, last: 799 }]);
  expect(partial.paths).toBe(600);
  const none = merge(plan.stageParams, []);
  expect(none).toMatchObject({ estimate: null, interval95: null, paths: 0 });
});

test('a forged block stands out and does not move the median', async () => {
  const { plan, results } = await resultsOf({ problem: 'european', paths: 64 * 4096, pathsPerBlock: 4096, blocks: 64 });
  const right = merge(plan.stageParams, results);
  expect(right.blocks).toMatchObject({ count: 64, standingOut: [] });
  expect(right.blocks.largestDeviation).toBeLessThan(5);
  const [bytes] = results as [Uint8Array];
  const record = decodeRecord(bytes, 17 * RECORD_BYTES);
  const forged = bytes.slice();
  forged.set(encodeRecord({ ...record, sum: record.sum * 3n, squares: record.squares * 9n }), 17 * RECORD_BYTES);
  expect(monteCarloRules.inspect(plan.units[0]?.params as string, forged)).toBeUndefined();
  const merged = merge(plan.stageParams, [forged]);
  expect(merged.blocks.standingOut).toEqual([17]);
  expect(Math.abs(merged.blocks.median - right.blocks.median)).toBeLessThan(right.standardError);
});

test('a unit is told in words, with its own estimate once it is computed', async () => {
  const { plan, results } = await resultsOf({ paths: 100_000 });
  const params = plan.units[0]?.params as string;
  const text = (result?: Uint8Array) => monteCarloRules.preview?.(params, new Map(), result);
  expect(text()).toEqual({ kind: 'text', text: 'Random points in a square, 0 to 99,999' });
  expect(text(results[0])).toMatchObject({ text: expect.stringMatching(/: π ≈ 3\.1\d{4} ± 0\.01\d{3}$/) });
});
