import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { noSoftwareGpu, softwareGpu } from '../../../testing/software-gpu.ts';
import type { GpuLease } from '../../gpu/device.ts';
import { createJob, type GemmInput } from './job.ts';
import { multiply } from './multiply.ts';
import { planName } from './plan.ts';
import { GEMM_PLANS } from './plans.ts';
import { layoutOf } from './shape.ts';
import { tunePlans } from './tune.ts';

/** All ones: every element of C is k. */
function ones(m: number, k: number, n: number, changes: Partial<GemmInput> = {}): GemmInput {
  const layout = layoutOf('f32', { m, k, n });
  const bytes = (length: number) => new Uint8Array(new Float32Array(length / 4).fill(1).buffer);
  return {
    layout,
    left: () => bytes(layout.leftBytes),
    right: () => bytes(layout.rightBytes),
    isRight: (_row, _column, value) => value === k,
    ...changes,
  };
}
const [direct, wider] = GEMM_PLANS as [(typeof GEMM_PLANS)[number], (typeof GEMM_PLANS)[number]];
const run = { signal: new AbortController().signal, progress: () => undefined };

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  let lease: GpuLease;
  beforeAll(async () => {
    lease = await softwareGpu();
  });
  afterAll(() => lease?.device.destroy());
  beforeEach(() => vi.restoreAllMocks());

  test('without a plan of its own a product is computed by the planner’s', async () => {
    const progress = vi.fn();
    const c = new Float32Array((await multiply(lease, ones(70, 12, 40), { ...run, progress })).buffer);
    expect(new Set(c)).toEqual(new Set([12]));
    expect(c).toHaveLength(70 * 40);
    expect(progress).toHaveBeenLastCalledWith(1);
  });

  test('an abort between two submissions ends it with its reason and leaves no buffer', async () => {
    const created = vi.spyOn(lease.device, 'createBuffer');
    const stop = new AbortController();
    const progress = (fraction: number) => fraction < 1 && stop.abort(new Error('stop'));
    const input = ones(2048, 1024, 64);
    await expect(multiply(lease, input, { plan: direct, signal: stop.signal, progress })).rejects.toThrow('stop');
    const buffers = created.mock.results.map(({ value }) => value as GPUBuffer);
    expect(buffers.length).toBeGreaterThan(3);
    lease.device.pushErrorScope('validation');
    for (const buffer of buffers) {
      const encoder = lease.device.createCommandEncoder();
      encoder.clearBuffer(buffer, 0, 4);
      lease.device.queue.submit([encoder.finish()]);
    }
    expect((await lease.device.popErrorScope())?.message).toMatch(/destroyed/);
  });

  test('a product whose sampled elements are wrong is refused', async () => {
    const input = ones(33, 4, 9, { isRight: () => false });
    await expect(multiply(lease, input, run)).rejects.toMatchObject({
      code: 'DEVICE_UNSUPPORTED',
      message: expect.stringMatching(/multiplies correctly \(row 0, column 0 is 4\)/),
    });
  });

  test('matrices over the device’s limits are refused by name before anything is uploaded', async () => {
    const left = vi.fn();
    const input = ones(2 ** 20, 2 ** 10, 1, { left });
    await expect(multiply(lease, input, run)).rejects.toMatchObject({
      code: 'DEVICE_UNSUPPORTED',
      message: expect.stringMatching(/maxBufferSize is 4294967296, for buffer "A"/),
    });
    expect(left).not.toHaveBeenCalled();
  });

  test('plans are measured on the job’s own matrices, and one whose result is wrong is disqualified', async () => {
    const input = ones(64, 16, 64);
    const job = await createJob(lease, input);
    await Promise.all([direct, wider].map(job.prepare));
    const right = await tunePlans(job, input, [direct, wider], 1e-6, run.signal);
    for (const plan of [direct, wider]) expect(right.get(planName(plan))).toEqual({ ms: expect.any(Number) });
    const wrong = await tunePlans(job, { ...input, isRight: (row) => row === 0 }, [direct], 1e-6, run.signal);
    expect(wrong.get(planName(direct))).toEqual({ failed: expect.stringMatching(/^row \d+, column \d+ is 16$/) });
    const stop = AbortSignal.abort(new Error('stop'));
    await expect(tunePlans(job, input, [direct], 1e-6, stop)).rejects.toThrow('stop');
    job.destroy();
  });
});
