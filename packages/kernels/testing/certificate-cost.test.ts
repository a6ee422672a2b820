import { expect, test } from 'vitest';
import { measureCertificateCost } from './certificate-cost.ts';

test('each shape is measured, and its share is what the check takes of a run', async () => {
  const costs = await measureCertificateCost(1);
  expect(costs.map(({ shape }) => shape)).toEqual(['128×384×1536', '128×768×3072', '64×512×512', '256×1024×1024']);
  for (const { runMs, checkMs, firstCheckMs, share } of costs) {
    expect(Math.min(runMs, checkMs, firstCheckMs)).toBeGreaterThan(0);
    expect(share).toBeCloseTo(checkMs / runMs, 12);
  }
});
