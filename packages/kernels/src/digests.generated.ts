// Written by scripts/build-wasm.ts. Do not edit.
import type { KernelDigest } from '@reckon/protocol/base/ids';

export const kernelDigests = {
  'onnx@1.0.0': '0x0000000000000000000000000000000000000000000000000000000000000000' as KernelDigest,
  'matmul-i8@1.0.0': '0x0000000000000000000000000000000000000000000000000000000000000000' as KernelDigest,
  'mandelbrot@1.0.0': '0x0000000000000000000000000000000000000000000000000000000000000000' as KernelDigest,
} as const;
