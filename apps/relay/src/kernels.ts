import type { KernelRules } from '@reckon/kernels/kernel';
import { manifests } from '@reckon/kernels/manifests';
import { kernelRules } from '@reckon/kernels/rules';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type KernelRef, kernelName } from '@reckon/protocol/model/kernel-manifest';

/** The kernels a relay serves: their light half only. */
export interface KernelCatalogue {
  readonly refs: readonly KernelRef[];
  /** @throws {ReckonError} KERNEL_UNKNOWN or KERNEL_VERSION_UNKNOWN. */
  rules(name: string): KernelRules;
}

export const servedKernels: KernelCatalogue = {
  refs: manifests.map((manifest) => ({ name: kernelName(manifest), digest: manifest.digest })),
  rules: kernelRules,
};

/** @throws {ReckonError} KERNEL_UNKNOWN, KERNEL_VERSION_UNKNOWN or KERNEL_DIGEST_MISMATCH. */
export function checkKernel(catalogue: KernelCatalogue, ref: KernelRef): KernelRules {
  const rules = catalogue.rules(ref.name);
  const expected = rules.manifest.digest;
  if (expected !== ref.digest) {
    throw new ReckonError('KERNEL_DIGEST_MISMATCH', { kernel: ref.name, expected, received: ref.digest });
  }
  return rules;
}
