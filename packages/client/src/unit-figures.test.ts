import { kernelRules } from '@reckon/kernels/rules';
import { parseJobFile } from '@reckon/protocol/model/job-file';
import type { StageSpec } from '@reckon/protocol/model/job-spec';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import { expect, test } from 'vitest';
import { prepareJob } from './prepare-job.ts';
import { runMsOf, unitFigures, unitSizeHint } from './unit-figures.ts';

test('a unit takes a second for each credit, and less where its lease says so', () => {
  expect(runMsOf({ creditsPerUnit: 4, leaseMs: 60_000 })).toBe(4000);
  expect(runMsOf({ creditsPerUnit: 1, leaseMs: 20_400 })).toBe(200);
  expect(runMsOf({ creditsPerUnit: 1, leaseMs: 20_000 })).toBe(20);
});

test('small and large units are remarked on, those between are not', () => {
  expect(unitSizeHint(300)).toContain('about 0.3 s. Larger units');
  expect(unitSizeHint(25_000)).toContain('about 30 s. Smaller units');
  expect([2000, 10_000].map(unitSizeHint)).toEqual([undefined, undefined]);
});

test('a picture’s tile has two bytes a pixel, a chunk a row, and reads nothing', async () => {
  const kernel = 'mandelbrot@1.0.0';
  const rules = kernelRules(kernel);
  const jobFile = parseJobFile({
    title: 'A picture',
    requester: 'Ada',
    stages: [
      {
        kernel,
        params: { width: 320, height: 240, tile: 160 },
        verify: { kind: 'sample', chunks: 32, checkers: 2, maxReplicas: 3 },
        pricePerUnit: '0.01',
      },
    ],
  });
  const kernels = [{ name: kernel, digest: rules.manifest.digest }];
  const token = { symbol: 'tRKN', decimals: 18, test: true };
  const { spec } = await prepareJob(jobFile, new Map(), { feeBps: 500, kernels, token, trust: DEFAULT_TRUST });
  const { runMs, ...rest } = unitFigures(spec.stages[0] as StageSpec, rules);
  expect(rest).toEqual({ inputBytes: 0, resultBytes: 160 * 160 * 2, uplinkKbps: 10_000, chunkCount: 160 });
  // 160² points of at most 1000 steps of 7 operations at 10⁹ a second.
  expect(runMs).toBeCloseTo(179, 0);
});
