import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { KernelRules } from './kernel.ts';
import { customWasmRules } from './kernels/custom-wasm/rules.ts';
import { customWgslRules } from './kernels/custom-wgsl/rules.ts';
import { hashSearchRules } from './kernels/hash-search/rules.ts';
import { mandelbrotRules } from './kernels/mandelbrot/rules.ts';
import { matmulF32Rules } from './kernels/matmul-f32/rules.ts';
import { matmulRules } from './kernels/matmul-i8/rules.ts';
import { monteCarloRules } from './kernels/monte-carlo/rules.ts';
import { nBodyRules } from './kernels/n-body/rules.ts';
import { onnxRules } from './kernels/onnx/rules.ts';
import { renderRules } from './kernels/render/rules.ts';
import { knownKernels, manifests } from './manifests.ts';

const rules: readonly KernelRules[] = [
  onnxRules,
  matmulRules,
  matmulF32Rules,
  mandelbrotRules,
  monteCarloRules,
  hashSearchRules,
  nBodyRules,
  renderRules,
  customWgslRules,
  customWasmRules,
];

/**
 * The light half of the kernel named `id@version`.
 * @throws {ReckonError} KERNEL_UNKNOWN for an unknown id, KERNEL_VERSION_UNKNOWN for a known id in another version.
 */
export function kernelRules(name: string): KernelRules {
  const found = rules.find((candidate) => kernelName(candidate.manifest) === name);
  if (found !== undefined) return found;
  throw unknownKernel(name);
}

/** The refusal for a name that is not served, with the known ones. */
export function unknownKernel(name: string): ReckonError {
  const id = name.split('@', 1)[0];
  const versions = manifests.filter((manifest) => manifest.id === id).map(kernelName);
  return versions.length > 0
    ? new ReckonError('KERNEL_VERSION_UNKNOWN', { kernel: name.slice(0, 100), known: versions.join(', ') })
    : new ReckonError('KERNEL_UNKNOWN', { kernel: name.slice(0, 100), known: knownKernels() });
}
