import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { noSoftwareGpu, softwareGpu } from '../../../testing/software-gpu.ts';
import type { GpuLease } from '../../gpu/device.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { multiplyOnGpu } from './webgpu.ts';

const filled = (shape: [number, number], value: (at: number) => number): Tensor => {
  const values = Float32Array.from({ length: shape[0] * shape[1] }, (_, at) => value(at));
  return { dtype: 'float32', shape, data: new Uint8Array(values.buffer) };
};
const ones = (rows: number, columns: number) => filled([rows, columns], () => 1);

describe.skipIf(noSoftwareGpu)(`on a device (${noSoftwareGpu ?? 'SwiftShader'})`, () => {
  let lease: GpuLease;
  beforeAll(async () => {
    lease = await softwareGpu();
  });
  afterAll(() => lease?.device.destroy());

  test('sums that overflow are left to another backend, and no plan is blamed for them', async () => {
    const [m, k, n] = [8, 16, 8];
    // Exactly 0, but partial sums pass what float32 holds.
    const a = filled([m, k], (at) => (at % 8 < 4 ? 3e38 : -3e38));
    const compiled = vi.spyOn(lease.device, 'createComputePipelineAsync');
    for (let i = 0; i < 3; i++) {
      await expect(multiplyOnGpu(lease, a, ones(k, n), context())).rejects.toMatchObject({
        code: 'DEVICE_UNSUPPORTED',
        details: { missing: 'infinities in WebGPU' },
      });
      expect(new Set(await multiplyOnGpu(lease, ones(m, k), ones(k, n), context()))).toEqual(new Set([k]));
    }
    // The likeliest plan of this shape, always.
    expect(compiled).toHaveBeenCalledTimes(1);
  });

  test.each([Number.NaN, Infinity])(
    '%s in A or B is left to another backend before anything is uploaded',
    async (bad) => {
      const uploaded = vi.spyOn(lease.device.queue, 'writeBuffer');
      const spoilt = filled([2, 2], (at) => (at === 3 ? bad : 1));
      for (const [a, b] of [
        [spoilt, ones(2, 2)],
        [ones(2, 2), spoilt],
      ] as const) {
        await expect(multiplyOnGpu(lease, a, b, context())).rejects.toMatchObject({
          code: 'DEVICE_UNSUPPORTED',
          details: { missing: 'NaN and infinities in WebGPU' },
        });
      }
      expect(uploaded).not.toHaveBeenCalled();
    },
  );
});
