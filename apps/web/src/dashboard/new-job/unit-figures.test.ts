import { prepareJob } from '@reckon/client/prepare-job';
import { parseJobFile } from '@reckon/protocol/model/job-file';
import { expect, test } from 'vitest';
import { config } from '../../../testing/sample-data.ts';
import { unitFigures } from './unit-figures.ts';

test('a picture’s tile has two bytes a pixel, a chunk a row, and reads nothing', async () => {
  const jobFile = parseJobFile({
    title: 'A picture',
    requester: 'Ada',
    stages: [
      {
        kernel: 'mandelbrot@1.0.0',
        params: { width: 320, height: 240, tile: 160 },
        verify: { kind: 'sample', chunks: 32, checkers: 2, maxReplicas: 3 },
        pricePerUnit: '0.01',
      },
    ],
  });
  const { spec } = await prepareJob(jobFile, new Map(), config);
  const { runMs, ...rest } = unitFigures(spec);
  expect(rest).toEqual({ inputBytes: 0, resultBytes: 160 * 160 * 2, uplinkKbps: 10_000, chunkCount: 160 });
  // 160² points of at most 1000 steps of 7 operations at 10⁹ a second.
  expect(runMs).toBeCloseTo(179, 0);
});
