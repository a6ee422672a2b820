import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareFloats, compareI8, edgeShapes } from '../../../testing/gemm-cases.ts';
import { noSoftwareGpu, softwareGpu } from '../../../testing/software-gpu.ts';
import type { GpuLease } from '../../gpu/device.ts';
import { computePipeline } from '../../gpu/pipelines.ts';
import { planName } from './plan.ts';
import { GEMM_PLANS } from './plans.ts';
import { gemmShader } from './shader.ts';

const named = GEMM_PLANS.map((plan) => ({ name: planName(plan), plan }));
/** One of each algorithm; all of them are run with floats in Chromium, and with both in `npm run bench -- kernels`. */
const few = named.filter(({ name }) => ['direct-8x8-4x4-1', 'shared-8x8-4x4-32', 'split-k-1x64-1'].includes(name));

test('no two plans share a name', () => {
  expect(new Set(named.map(({ name }) => name)).size).toBe(named.length);
  expect(few).toHaveLength(3);
});

/** A shader of f16 as one of f32: SwiftShader has no f16, so all but the width of a word is tried this way. */
const widened = (code: string) =>
  code.replace('enable f16;\nalias Word = f16;', 'alias Word = f32;').replace('vec4(f32(a)), vec4f(b)', 'vec4(a), b');

test.each(named)('$name in f16 is the f32 shader but for the width of its words', ({ plan }) => {
  const half = gemmShader(plan, 'f16');
  expect(half).toMatch(/^enable f16;/);
  expect(widened(half)).toBe(gemmShader(plan, 'f32'));
});

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  let lease: GpuLease;
  beforeAll(async () => {
    lease = await softwareGpu();
    // Compiling takes SwiftShader a second a plan: on all processors at once.
    const compiled = [
      ...named.map(({ plan }) => gemmShader(plan, 'i8')),
      ...few.map(({ plan }) => gemmShader(plan, 'f32')),
    ];
    await Promise.all(
      compiled.map((code) => computePipeline(lease.device, { name: 'plan', code, entryPoint: 'main' })),
    );
  }, 120_000);
  afterAll(() => lease?.device.destroy());

  test.each(named)('$name multiplies int8 without one wrong bit, at the edges too', async ({ plan }) => {
    for (const shape of edgeShapes(plan)) {
      expect({ shape, ...(await compareI8(lease, shape, plan)) }).toMatchObject({ bitsDiffering: 0 });
    }
  });

  test.each(few)('$name multiplies f32 within its bound, at the edges too', async ({ plan }) => {
    for (const shape of edgeShapes(plan)) {
      const { worstOfBound } = await compareFloats(lease, shape, plan);
      expect({ shape, right: worstOfBound <= 1, worstOfBound }).toMatchObject({ right: true });
    }
  });

  test('what widens an f16 word is valid', async () => {
    const code = gemmShader(named[0]?.plan as never, 'f16').replace(
      'enable f16;\nalias Word = f16;',
      'alias Word = f32;',
    );
    expect(code).toContain('fma(vec4(f32(a)), vec4f(b), c)');
    await computePipeline(lease.device, { name: 'f16', code, entryPoint: 'main' });
  });
});
