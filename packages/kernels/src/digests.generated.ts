// Written by scripts/build-wasm.ts. Do not edit.
import type { KernelDigest } from '@reckon/protocol/base/ids';

export const kernelDigests = {
  'onnx@1.0.0': '0xacefc816e773215855b3cad7704a678dd044da4e566ce26b0243713674b0ac34' as KernelDigest,
  'matmul-i8@1.0.0': '0xeb032e610af44a820f67c487a80004ebf25a1211efe668d3162969af440ac588' as KernelDigest,
  'mandelbrot@1.0.0': '0xc52ec6eea09ae05f524aff0d5a12d86269e9cd7c3365d52bfe90ce021df38992' as KernelDigest,
} as const;
