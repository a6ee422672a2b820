import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';
import { customWasmManifest } from './kernels/custom-wasm/manifest.ts';
import { customWgslManifest } from './kernels/custom-wgsl/manifest.ts';
import { hashSearchManifest } from './kernels/hash-search/manifest.ts';
import { mandelbrotManifest } from './kernels/mandelbrot/manifest.ts';
import { matmulF32Manifest } from './kernels/matmul-f32/manifest.ts';
import { matmulManifest } from './kernels/matmul-i8/manifest.ts';
import { monteCarloManifest } from './kernels/monte-carlo/manifest.ts';
import { nBodyManifest } from './kernels/n-body/manifest.ts';
import { onnxManifest } from './kernels/onnx/manifest.ts';
import { renderManifest } from './kernels/render/manifest.ts';

/** Every kernel of this version, data only. */
export const manifests: readonly KernelManifest[] = [
  onnxManifest,
  matmulManifest,
  matmulF32Manifest,
  mandelbrotManifest,
  monteCarloManifest,
  hashSearchManifest,
  nBodyManifest,
  renderManifest,
  customWgslManifest,
  customWasmManifest,
];

/** The served names, for refusals. */
export const knownKernels = (): string => manifests.map(kernelName).join(', ');
