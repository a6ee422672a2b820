import { describe, expect, test, vi } from 'vitest';
import { compareI8 } from '../../testing/gemm-cases.ts';
import { noSoftwareGpu, softwareAdapters } from '../../testing/software-gpu.ts';
import { multiply } from '../gemm/gpu/multiply.ts';
import { GEMM_PLANS } from '../gemm/gpu/plans.ts';
import { layoutOf } from '../gemm/gpu/shape.ts';
import { createGpu, type GpuLease } from './device.ts';

/** A product long enough for several submissions, in the middle of which the device goes. */
function lose(lease: GpuLease, progress: (fraction: number) => void) {
  const layout = layoutOf('f32', { m: 2048, k: 512, n: 32 });
  const input = {
    layout,
    left: () => new Uint8Array(layout.leftBytes),
    right: () => new Uint8Array(layout.rightBytes),
    isRight: () => true,
  };
  return multiply(lease, input, {
    plan: GEMM_PLANS[0] as (typeof GEMM_PLANS)[number],
    signal: new AbortController().signal,
    progress(fraction) {
      progress(fraction);
      lease.device.destroy();
    },
  });
}

describe.skipIf(noSoftwareGpu)(
  `a real device (${noSoftwareGpu ?? 'SwiftShader'}) that is lost in the middle of a run`,
  () => {
    test('ends the run with DEVICE_LOST, and the next run has a device of the next generation', async () => {
      const gpu = createGpu({ gpu: await softwareAdapters(), windows: false });
      gpu.onLost = vi.fn();
      const first = await gpu.acquire();
      expect(first.generation).toBe(1);
      const progress = vi.fn();
      await expect(gpu.guard(first, () => lose(first, progress))).rejects.toMatchObject({
        code: 'DEVICE_LOST',
        message: expect.stringContaining('destroyed'),
      });
      expect(progress).toHaveBeenCalledTimes(1);
      expect(progress.mock.calls[0]?.[0]).toBeLessThan(1);
      expect(gpu.onLost).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('destroyed'), false);
      // Nothing more comes of the lost run.
      await new Promise((resolve) => setImmediate(resolve));
      expect(progress).toHaveBeenCalledTimes(1);

      const second = await gpu.acquire();
      expect(second.generation).toBe(2);
      expect(second.lost.aborted).toBe(false);
      const right = await gpu.guard(second, () => compareI8(second, { m: 9, k: 17, n: 5 }, GEMM_PLANS[0]));
      expect(right.bitsDiffering).toBe(0);
      second.device.destroy();
    });

    test('ends GPU work for the visit on Windows', async () => {
      const gpu = createGpu({ gpu: await softwareAdapters(), windows: true });
      const lease = await gpu.acquire();
      await expect(gpu.guard(lease, () => lose(lease, () => undefined))).rejects.toMatchObject({ code: 'DEVICE_LOST' });
      expect(gpu.barred).toBe(true);
      await expect(gpu.acquire()).rejects.toMatchObject({ code: 'DEVICE_LOST' });
    });
  },
);
