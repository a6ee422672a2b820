import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkLimits,
  dispatchNeeds,
  type LimitName,
  type Limits,
  storageNeeds,
  unmet,
  workgroupNeeds,
} from './limits.ts';

/** What WebGPU guarantees everywhere. */
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

test.each<[LimitName, ReturnType<typeof storageNeeds>, string]>([
  ['maxBufferSize', storageNeeds('weights', 256 * 2 ** 20 + 4), 'buffer "weights"'],
  ['maxStorageBufferBindingSize', storageNeeds('weights', 128 * 2 ** 20 + 4), 'buffer "weights"'],
  ['maxComputeWorkgroupsPerDimension', dispatchNeeds('gemm', [1, 65_536, 1]), 'a dispatch of "gemm"'],
  ['maxComputeWorkgroupSizeX', workgroupNeeds('gemm', [257]), 'a workgroup of "gemm"'],
  ['maxComputeWorkgroupSizeZ', workgroupNeeds('gemm', [1, 1, 65]), 'a workgroup of "gemm"'],
  ['maxComputeInvocationsPerWorkgroup', workgroupNeeds('gemm', [32, 16]), 'a workgroup of "gemm"'],
  ['maxComputeWorkgroupStorageSize', workgroupNeeds('gemm', [16, 16], 20_000), 'a workgroup of "gemm"'],
])('one more than %s is refused by name, with what it was for', (limit, needs, of) => {
  expect(() => checkLimits(guaranteed, needs)).toThrow(
    expect.objectContaining({
      code: 'DEVICE_UNSUPPORTED',
      message: expect.stringMatching(new RegExp(`${limit} is \\d+, for ${of}; it is ${guaranteed[limit]} here`)),
    }) as Error,
  );
});

test('what meets the limits, to the last byte, is not refused', () => {
  checkLimits(guaranteed, [
    ...storageNeeds('a', guaranteed.maxStorageBufferBindingSize),
    ...dispatchNeeds('g', [65_535, 1, 65_535]),
    ...workgroupNeeds('g', [16, 16], 16_384),
  ]);
});

test('a size that is no number is never within a limit', () => {
  fc.assert(
    fc.property(fc.constantFrom(NaN, Infinity, 2 ** 60), (size) => {
      expect(unmet(guaranteed, storageNeeds('a', size))).toMatchObject({ limit: 'maxBufferSize' });
    }),
  );
});
