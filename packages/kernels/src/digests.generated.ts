// Written by scripts/build-wasm.ts. Do not edit.
import type { KernelDigest } from '@reckon/protocol/base/ids';

export const kernelDigests = {
  'onnx@1.1.0': '0xf1943bef8ca4cbdf173b5bce959b842a22d3ae56fdf5c9841a81c346be77481b' as KernelDigest,
  'matmul-i8@1.1.0': '0x5c1fc5b0df5f7e308756a05346d8274e9e068a2275e8ee6dc78b88f4c25358c1' as KernelDigest,
  'mandelbrot@1.0.0': '0x2a2e6bfc729997e4ec92ee62fccb8b36fe83140d82bcc8c3b76f3c7a594e7524' as KernelDigest,
  'monte-carlo@1.0.0': '0x1a223dc58a93d73b38ca723361dde7a273e5e222663733e66d460efaaa720ce6' as KernelDigest,
  'hash-search@1.0.0': '0x2cc8d8ed14645126c626da801da157ac13eb1be08c8dae32d19455779bd648c2' as KernelDigest,
  'n-body@1.0.0': '0xcd30ff0e96f8f5f4c2ed803dc9cd872ea2c4885abb96609ab1d66c67abb2e6a2' as KernelDigest,
  'custom-wgsl@1.0.0': '0x350d0a4d7e203d3d675540aaf66d58bbf54eb3db0925c72e5bc6716e777a2882' as KernelDigest,
} as const;
