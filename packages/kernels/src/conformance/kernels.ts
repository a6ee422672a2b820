import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { ConformanceKernel } from './case.ts';
import { customWasmConformance } from './cases/custom-wasm.ts';
import { customWgslConformance } from './cases/custom-wgsl.ts';
import { hashSearchConformance } from './cases/hash-search.ts';
import { mandelbrotConformance } from './cases/mandelbrot.ts';
import { matmulF32Conformance } from './cases/matmul-f32.ts';
import { matmulConformance } from './cases/matmul-i8.ts';
import { monteCarloConformance } from './cases/monte-carlo.ts';
import { nBodyConformance } from './cases/n-body.ts';
import { onnxConformance } from './cases/onnx.ts';
import { renderConformance } from './cases/render.ts';

/** Every kernel with fixed cases, exact ones first. A new kernel is one line here and its digests in `pinned.ts`. */
export const conformanceKernels: readonly ConformanceKernel[] = [
  matmulConformance,
  monteCarloConformance,
  hashSearchConformance,
  mandelbrotConformance,
  renderConformance,
  customWasmConformance,
  matmulF32Conformance,
  nBodyConformance,
  customWgslConformance,
  onnxConformance,
];

export const nameOf = ({ rules }: ConformanceKernel): string => kernelName(rules.manifest);
