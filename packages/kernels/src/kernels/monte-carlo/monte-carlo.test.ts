import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testChecking } from '../../../testing/checking-acceptance.ts';
import { context, type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import { blockCount, monteCarloChunks } from './chunks.ts';
import { readUnit, type Unit } from './params.ts';
import { monteCarloRules } from './rules.ts';
import { monteCarloKernel } from './run.ts';

const small = {
  problem: 'asian',
  paths: 1000,
  pathsPerBlock: 37,
  blocks: 9,
  steps: 5,
  strike: 101,
  option: 'put',
  seed: 8,
};
const common = { generator: 'philox4x32-10', seed: 3, stream: 4, first: 11, pathsPerBlock: 1 } as const;
const option = { option: 'call', drift: -(2 ** 20), spread: 2 ** 28, strike: 2 ** 22 } as const;
const unit = (of: Unit) => ({ params: JSON.stringify(of), blobs: new Map<string, Uint8Array>() });

const makeCase = (): KernelCase => ({
  rules: monteCarloRules,
  kernel: monteCarloKernel,
  params: small,
  inputs: new Map(),
  reference: (input) => {
    const blocks = Array.from({ length: monteCarloChunks.count(input.params) }, (_, i) =>
      monteCarloChunks.compute(input, i),
    );
    return Uint8Array.from(blocks.flatMap((block) => [...block]));
  },
  badParams: [
    { ...small, problem: 'e' },
    { ...small, generator: 'mt19937' },
    { ...small, option: 'straddle' },
    { ...small, paths: 1 },
    { ...small, paths: 2 ** 41 },
    { ...small, paths: 1000.5 },
    { ...small, seed: -1 },
    { ...small, seed: 2 ** 53 },
    { ...small, stream: 2 ** 32 },
    { ...small, blocks: 1025 },
    { ...small, blocks: 1, pathsPerBlock: 1, paths: 5000 },
    { ...small, steps: 0 },
    { ...small, steps: 257 },
    { ...small, steps: 256, pathsPerBlock: 4097 },
    { problem: 'pi', pathsPerBlock: 2 ** 19 + 1 },
    { ...small, strike: 0 },
    { ...small, strike: 1e6, spot: 1 },
    { ...small, rate: Number.NaN },
    { ...small, rate: 0.5, years: 2 },
    { ...small, volatility: 0.8 },
    { ...small, colour: 'red' },
  ],
  badUnitParams: [
    { problem: 'pi', ...common, paths: 0 },
    { problem: 'pi', ...common, paths: 1025 },
    { problem: 'pi', ...common, paths: 5, steps: 2 },
    { problem: 'european', ...common, paths: 5 },
    { problem: 'european', ...common, ...option, paths: 5, spread: 2 ** 32 },
    { problem: 'european', ...common, ...option, paths: 5, drift: 2 ** 28 },
    { problem: 'asian', ...common, ...option, paths: 2 ** 15, steps: 256, pathsPerBlock: 4097 },
  ].map((bad) => JSON.stringify(bad)),
  shapes: (
    [
      { problem: 'pi', ...common, paths: 1 },
      { problem: 'pi', ...common, paths: 4099, pathsPerBlock: 1021 },
      { problem: 'pi', ...common, paths: 1024, generator: 'threefry4x32-20' },
      { problem: 'european', ...common, ...option, paths: 3 },
      {
        problem: 'european',
        ...common,
        ...option,
        paths: 5003,
        pathsPerBlock: 5003,
        option: 'put',
        first: 2 ** 34 - 700,
      },
      {
        problem: 'asian',
        ...common,
        ...option,
        paths: 521,
        pathsPerBlock: 97,
        steps: 13,
        generator: 'threefry4x32-20',
      },
      { problem: 'asian', ...common, ...option, paths: 67, pathsPerBlock: 64, steps: 256 },
    ] satisfies Unit[]
  ).map(unit),
});
testKernel('monte-carlo', makeCase);
testChecking('monte-carlo', makeCase);

test('any unit gives the bytes of the reference', async () => {
  const whole = (min: number, max: number) => fc.integer({ min, max });
  const any = fc.record({
    problem: fc.constantFrom('european', 'asian'),
    generator: fc.constantFrom('philox4x32-10', 'threefry4x32-20'),
    option: fc.constantFrom('call', 'put'),
    seed: fc.maxSafeNat(),
    stream: whole(0, 2 ** 32 - 1),
    first: whole(0, 2 ** 40),
    paths: whole(1, 90),
    pathsPerBlock: whole(1, 90),
    drift: whole(-145_000_000, 145_000_000),
    spread: whole(0, 2_320_000_000),
    strike: whole(0, 2 ** 30),
    steps: whole(1, 40),
  });
  const problems = any.map(({ steps, ...european }) =>
    european.problem === 'asian' ? { ...european, steps } : european,
  );
  const points = any.map(({ generator, seed, stream, first, paths, pathsPerBlock }) => ({
    problem: 'pi',
    ...{ generator, seed, stream, first, paths, pathsPerBlock },
  }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(problems, points), async (of) => {
      const input = unit(of as Unit);
      const { bytes } = await monteCarloKernel.run(input, context());
      expect(bytes).toEqual(makeCase().reference(input));
      expect(monteCarloRules.inspect(input.params, bytes)).toBeUndefined();
    }),
    { numRuns: 150 },
  );
});

test('an Asian option of one date is the European one, bit for bit', async () => {
  const european = { ...common, ...option, paths: 999, pathsPerBlock: 999 };
  const run = async (of: Unit) => (await monteCarloKernel.run(unit(of), context())).bytes;
  const one = await run({ problem: 'asian', ...european, steps: 1 });
  expect(one).toEqual(await run({ problem: 'european', ...european }));
});

test('units do not depend on how an order is cut', async () => {
  const whole = { problem: 'european', paths: 1000, pathsPerBlock: 100, seed: 5 };
  const [one, cut] = await Promise.all(
    [10, 3].map(async (blocks) => {
      const { units } = await monteCarloRules.split({ ...whole, blocks }, new Map());
      const results = await Promise.all(units.map((u) => monteCarloKernel.run({ ...u, blobs: new Map() }, context())));
      return results.flatMap(({ bytes }) => [...bytes]);
    }),
  );
  expect(cut).toEqual(one);
});

test('a block may hold a million random words, and its sums stay exact', async () => {
  const most = { ...common, ...option, paths: 2 ** 20, pathsPerBlock: 2 ** 20, drift: 2 ** 27, spread: 2 ** 29 };
  const input = unit({ problem: 'european', ...most, strike: 0 });
  expect(blockCount(readUnit(input.params))).toBe(1);
  const { bytes } = await monteCarloKernel.run(input, context());
  expect(bytes).toEqual(monteCarloChunks.compute(input, 0));
});
