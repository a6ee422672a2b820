// Written by scripts/build-wasm.ts. Do not edit.
import type { KernelDigest } from '@reckon/protocol/base/ids';

export const kernelDigests = {
  'onnx@1.1.0': '0x48ba8f3d997f321832985d7dca3d8e8979ae95bac968e43ca5a102bb59b682be' as KernelDigest,
  'matmul-i8@1.1.0': '0x09721fc018010bf8acc9e9db2fb207a9a39b2288631fde2edb911aee759ccdff' as KernelDigest,
  'matmul-f32@1.0.0': '0x92a1bedbe7c79af963f6a72292f9963949d70907b20854d3c23a234299ee68e6' as KernelDigest,
  'mandelbrot@1.0.0': '0x2a2e6bfc729997e4ec92ee62fccb8b36fe83140d82bcc8c3b76f3c7a594e7524' as KernelDigest,
  'monte-carlo@1.0.0': '0x1a223dc58a93d73b38ca723361dde7a273e5e222663733e66d460efaaa720ce6' as KernelDigest,
  'hash-search@1.0.0': '0x2cc8d8ed14645126c626da801da157ac13eb1be08c8dae32d19455779bd648c2' as KernelDigest,
  'n-body@1.0.0': '0xc45d94ce44cc69b0076708bdce2cabce21d28bee584d851ff10f67d11bbde59b' as KernelDigest,
  'render@1.0.0': '0xcb4ee8befd2f6fc8678dbc79b4e2040c335885ac2f6160515669438c0b6ca81d' as KernelDigest,
  'custom-wgsl@1.0.0': '0x719325f05dfce2eb1243c75f7f2d7b16a5983c741e52ae4db3876c5c5c20b072' as KernelDigest,
  'custom-wasm@1.0.0': '0xac8a304aa3bada992ed3cacc82c414dbd7721b92c8dc0459339097002614b0d6' as KernelDigest,
} as const;
