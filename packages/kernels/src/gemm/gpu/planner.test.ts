import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Limits } from '../../gpu/limits.ts';
import { blockOf, planName, sharedBytes } from './plan.ts';
import { blocksOf, expectedCost, type GemmDevice, originOf, usablePlans } from './planner.ts';
import { GEMM_PLANS } from './plans.ts';
import { layoutOf, type Precision } from './shape.ts';
import { browserOf, tuneKey } from './tune-key.ts';

const guaranteed: Limits = {
  maxBufferSize: 256 * 2 ** 20,
  maxStorageBufferBindingSize: 128 * 2 ** 20,
  maxUniformBufferBindingSize: 64 * 2 ** 10,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16 * 2 ** 10,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65_535,
};
const device = (changes: Partial<GemmDevice> = {}): GemmDevice => ({
  limits: guaranteed,
  features: new Set(['shader-f16']),
  language: new Set(['packed_4x8_integer_dot_product']),
  vendor: 'nvidia',
  architecture: 'ampere',
  ...changes,
});
const square = { m: 1024, k: 1024, n: 1024 };

test('every plan keeps to what WebGPU guarantees everywhere', () => {
  for (const precision of ['f32', 'i8', 'f16'] as const) {
    expect(usablePlans(layoutOf(precision, square), device())).toHaveLength(GEMM_PLANS.length);
  }
});

test.each<[Precision, Partial<GemmDevice>, RegExp]>([
  ['f16', { features: new Set() }, /16-bit floats/],
  ['i8', { language: new Set() }, /packed int8 dot products/],
  [
    'f32',
    { limits: { ...guaranteed, maxStorageBufferBindingSize: 4 * 2 ** 20 - 1 } },
    /maxStorageBufferBindingSize.*"A"/,
  ],
  ['f32', { limits: { ...guaranteed, maxBufferSize: 2 ** 20 } }, /maxBufferSize.*"A"/],
  [
    'i8',
    { limits: { ...guaranteed, maxComputeWorkgroupsPerDimension: 255 } },
    /maxComputeWorkgroupsPerDimension is 256/,
  ],
  ['f32', { limits: { ...guaranteed, maxComputeInvocationsPerWorkgroup: 32 } }, /any plan/],
  ['f32', { vendor: 'google', limits: { ...guaranteed, maxComputeInvocationsPerWorkgroup: 32 } }, /any plan/],
])('%s on a device that lacks what it needs is refused by name', (precision, lacks, missing) => {
  expect(() => usablePlans(layoutOf(precision, square), device(lacks))).toThrow(
    expect.objectContaining({ code: 'DEVICE_UNSUPPORTED', message: expect.stringMatching(missing) }) as Error,
  );
});

test('a product whose words u32 does not number is refused, however large the device’s buffers', () => {
  const endless = { ...guaranteed, maxBufferSize: 2 ** 50, maxStorageBufferBindingSize: 2 ** 50 };
  const layout = (m: number) => layoutOf('f32', { m, k: 4, n: 2 ** 20 });
  expect(usablePlans(layout(2 ** 13 - 1), device({ limits: endless }))).not.toHaveLength(0);
  expect(() => usablePlans(layout(2 ** 13), device({ limits: endless }))).toThrow(/64-bit indexes/);
});

test('a device of the compatibility mode has the plans of at most 128 threads', () => {
  const limits = { ...guaranteed, maxComputeInvocationsPerWorkgroup: 128 };
  const plans = usablePlans(layoutOf('f32', square), device({ limits }));
  expect(plans.length).toBeGreaterThan(3);
  for (const { threads } of plans) expect(threads[0] * threads[1]).toBeLessThanOrEqual(128);
});

test('a plan that is forced is the only one, and refused where it does not fit', () => {
  const plan = GEMM_PLANS.find((one) => sharedBytes(one, 'f32') > 8192) as (typeof GEMM_PLANS)[number];
  expect(usablePlans(layoutOf('f32', square), device(), plan)).toEqual([plan]);
  const limits = { ...guaranteed, maxComputeWorkgroupStorageSize: 8192 };
  expect(() => usablePlans(layoutOf('f32', square), device({ limits }), plan)).toThrow(planName(plan));
});

test.each([
  [{ m: 1024, k: 1024, n: 1024 }, 'nvidia', 'shared'],
  [{ m: 2048, k: 2048, n: 2048 }, 'amd', 'shared'],
  [{ m: 1024, k: 1024, n: 1024 }, 'google', 'direct'],
  [{ m: 1, k: 4096, n: 4096 }, 'nvidia', 'split-k'],
  [{ m: 8, k: 4096, n: 4096 }, 'intel', 'split-k'],
  [{ m: 4096, k: 4096, n: 1 }, 'nvidia', 'split-k'],
  [{ m: 1, k: 4096, n: 4096 }, 'google', 'direct'],
])('of a product of %o on %s, %s is likeliest', (shape, vendor, algorithm) => {
  expect(usablePlans(layoutOf('f32', shape), device({ vendor }))[0]?.algorithm).toBe(algorithm);
});

test.each(['nvidia', 'amd', 'intel', 'apple', 'google'])(
  'a small product on %s is not begun with shared k',
  (vendor) => {
    for (const [m, k, n] of [
      [64, 64, 64],
      [64, 1024, 1024],
      [9, 4096, 9],
      [200, 300, 300],
      [256, 256, 256],
    ] as const) {
      const plans = usablePlans(layoutOf('f32', { m, k, n }), device({ vendor }));
      expect(plans[0]?.algorithm).not.toBe('split-k');
      // A GPU may still measure it.
      expect(plans.some(({ algorithm }) => algorithm === 'split-k')).toBe(vendor !== 'google');
    }
  },
);

test('every block lies inside and every element of C is in exactly one block', () => {
  const sizes = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(sizes, sizes, fc.constantFrom(...GEMM_PLANS), (m, n, plan) => {
      const layout = layoutOf('f32', { m, k: 1, n });
      const block = blockOf(plan);
      const seen = new Set<string>();
      for (let index = 0; index < blocksOf(plan, layout).total; index++) {
        const { row, vector } = originOf(plan, layout, index);
        expect(row < m && vector < layout.n4 && row % block.rows === 0 && vector % block.vectors === 0).toBe(true);
        seen.add(`${row} ${vector}`);
      }
      expect(seen.size).toBe(Math.ceil(m / block.rows) * Math.ceil(n / (4 * block.vectors)));
    }),
    { numRuns: 40 },
  );
});

test('expectations are positive numbers for every shape', () => {
  const sizes = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(sizes, sizes, sizes, fc.constantFrom(...GEMM_PLANS), (m, k, n, plan) => {
      const cost = expectedCost(plan, layoutOf('i8', { m, k, n }), device());
      expect(Number.isFinite(cost) && cost > 0).toBe(true);
    }),
  );
});

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    'Chrome/156',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'Firefox/153'],
  ['Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.2 Safari/605.1.15', 'Version/27'],
  ['Node.js/26', 'Node.js/26'],
  ['', 'unknown'],
])('a browser is its name and major version: %s', (userAgent, browser) => {
  expect(browserOf(userAgent)).toBe(browser);
});

test('measurements are kept apart by adapter, code and kind of product', () => {
  const lease = { vendor: 'nvidia', architecture: 'ampere' } as never;
  const key = (precision: Precision, m: number) => tuneKey(lease, layoutOf(precision, { ...square, m }));
  expect(key('f32', 1024)).toBe(key('f32', 1000));
  expect(new Set([key('f32', 1024), key('f32', 8), key('i8', 1024), key('f16', 1024)]).size).toBe(4);
  expect(key('f32', 1024)).toMatch(/^nvidia\|ampere\|Node\.js\/\d+\|[0-9a-f]{16}\|f32\|10-10-10$/);
});
