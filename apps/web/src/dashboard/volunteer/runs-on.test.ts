import { expect, test } from 'vitest';
import { runsOn } from './runs-on.ts';

const gpu = { backends: ['webgpu' as const, 'wasm' as const], device: 'WebGPU · SwiftShader' };
const plain = { backends: ['wasm' as const], device: 'WASM SIMD' };

test('a kernel without a GPU build is not said to run on the GPU', () => {
  expect(runsOn({ backends: ['wasm'] }, gpu)).toBe('WASM, on the processor');
  expect(runsOn({ backends: ['webgpu', 'wasm'] }, gpu)).toBe('WebGPU · SwiftShader');
});

test('a device without WebGPU is named as it is, and an unknown kernel by its device', () => {
  expect(runsOn({ backends: ['webgpu', 'wasm'] }, plain)).toBe('WASM SIMD');
  expect(runsOn({ backends: ['wasm'] }, plain)).toBe('WASM SIMD');
  expect(runsOn(undefined, gpu)).toBe('WebGPU · SwiftShader');
  expect(runsOn({ backends: ['wasm'] }, null)).toBe('not known yet');
});
