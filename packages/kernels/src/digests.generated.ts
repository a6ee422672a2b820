// Written by scripts/build-wasm.ts. Do not edit.
import type { KernelDigest } from '@reckon/protocol/base/ids';

export const kernelDigests = {
  'onnx@1.1.0': '0x50a58c38f7e071ec17b4634456a2681ed0162d6e048b0ea2c5abb1740bdf3bab' as KernelDigest,
  'matmul-i8@1.1.0': '0x09721fc018010bf8acc9e9db2fb207a9a39b2288631fde2edb911aee759ccdff' as KernelDigest,
  'matmul-f32@1.0.0': '0xe9bf22a256e149506c7c6bfe987554d1c6f9fbf9df74e7095c451c891ac198c1' as KernelDigest,
  'mandelbrot@1.0.0': '0x2a2e6bfc729997e4ec92ee62fccb8b36fe83140d82bcc8c3b76f3c7a594e7524' as KernelDigest,
  'monte-carlo@1.0.0': '0x1a223dc58a93d73b38ca723361dde7a273e5e222663733e66d460efaaa720ce6' as KernelDigest,
  'hash-search@1.0.0': '0x2cc8d8ed14645126c626da801da157ac13eb1be08c8dae32d19455779bd648c2' as KernelDigest,
  'n-body@1.0.0': '0xbdaabe6606a1b5af8275deced02073b2ae01eff1f454df980590a209fd8f3ffc' as KernelDigest,
  'render@1.0.0': '0xcb4ee8befd2f6fc8678dbc79b4e2040c335885ac2f6160515669438c0b6ca81d' as KernelDigest,
  'custom-wgsl@1.0.0': '0x8e34217864a82e28567b8633af0b0a53a1b9a0a361b2d07aaf8b1a8cdce4ac0a' as KernelDigest,
  'custom-wasm@1.0.0': '0x8e0fc5a633e27ff9351411921e56d85e1403c87d66889159a93ce37217479adf' as KernelDigest,
} as const;
