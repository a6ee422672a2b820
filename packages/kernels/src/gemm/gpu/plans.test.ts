import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareFloats, compareI8, edgeShapes } from '../../../testing/gemm-cases.ts';
import { noSoftwareGpu, softwareGpu } from '../../../testing/software-gpu.ts';
import type { GpuLease } from '../../gpu/device.ts';
import { planName } from './plan.ts';
import { GEMM_PLANS } from './plans.ts';

const named = GEMM_PLANS.map((plan) => ({ name: planName(plan), plan }));

test('no two plans share a name', () => {
  expect(new Set(named.map(({ name }) => name)).size).toBe(named.length);
});

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  let lease: GpuLease;
  beforeAll(async () => {
    lease = await softwareGpu();
  });
  afterAll(() => lease?.device.destroy());

  test.each(named)('$name multiplies int8 without one wrong bit, at the edges too', async ({ plan }) => {
    for (const shape of edgeShapes(plan)) {
      expect({ shape, ...(await compareI8(lease, shape, plan)) }).toMatchObject({ bitsDiffering: 0 });
    }
  });

  test.each(named)('$name multiplies f32 within its bound, at the edges too', async ({ plan }) => {
    for (const shape of edgeShapes(plan)) {
      const { worstOfBound } = await compareFloats(lease, shape, plan);
      expect({ shape, right: worstOfBound <= 1, worstOfBound }).toMatchObject({ right: true });
    }
  });
});
