// Written by scripts/build-wasm.ts. Do not edit.
import type { KernelDigest } from '@reckon/protocol/base/ids';

export const kernelDigests = {
  'onnx@1.0.0': '0xacefc816e773215855b3cad7704a678dd044da4e566ce26b0243713674b0ac34' as KernelDigest,
  'matmul-i8@1.0.0': '0xd6d91fbf93064c7e59739facdcce3fe5beaddcf1aea0deb102c25d4aa08016f8' as KernelDigest,
  'mandelbrot@1.0.0': '0x2a2e6bfc729997e4ec92ee62fccb8b36fe83140d82bcc8c3b76f3c7a594e7524' as KernelDigest,
  'monte-carlo@1.0.0': '0x1a223dc58a93d73b38ca723361dde7a273e5e222663733e66d460efaaa720ce6' as KernelDigest,
  'hash-search@1.0.0': '0x2cc8d8ed14645126c626da801da157ac13eb1be08c8dae32d19455779bd648c2' as KernelDigest,
} as const;
