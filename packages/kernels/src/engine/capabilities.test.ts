import { expect, test } from 'vitest';
import { probeCapabilities } from './capabilities.ts';

test('Node reports WASM with SIMD and no GPU', async () => {
  expect(await probeCapabilities()).toEqual({
    backends: ['wasm'],
    device: 'WASM SIMD',
    simd: true,
    relaxedSimd: expect.any(Boolean),
    subnormals: true,
    workers: expect.any(Number),
    memoryMb: expect.any(Number),
  });
});
