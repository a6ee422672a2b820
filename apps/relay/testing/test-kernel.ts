import { equalBytes, fromUtf8, toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { KernelRules } from '@reckon/kernels/kernel';
import { unknownKernel } from '@reckon/kernels/rules';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { KernelCatalogue } from '../src/kernels.ts';

function rulesOf(id: string, agreement: KernelRules['manifest']['agreement']): KernelRules {
  return {
    manifest: {
      id,
      version: '1.0.0',
      digest: hashBlob(toUtf8(id)) as string as KernelDigest,
      title: id,
      summary: 'Repeats its parameters.',
      backends: ['wasm'],
      agreement,
      policies: ['quorum'],
      inputs: [],
      params: [],
      limits: { maxResultBytes: 200_000, maxMemoryBytes: 1, maxMs: 1000 },
    },
    split: () => ({ units: [], shared: [], stageParams: '{}', creditsPerUnit: 1, leaseMs: 10_000 }),
    inspect: (_params, result) => (fromUtf8(result.slice(0, 3)) === 'bad' ? 'it begins with bad' : undefined),
    // Results that agree within tolerance begin with the same letter.
    agree: agreement.kind === 'exact' ? equalBytes : (a, b) => a[0] === b[0],
    merge: () => [],
  };
}

const rules = [rulesOf('echo', { kind: 'exact' }), rulesOf('roughly', { kind: 'within', absolute: 1, relative: 0 })];

/** Two kernels whose results are any text that does not begin with "bad": `echo` exact, `roughly` by first letter. */
export const testKernels: KernelCatalogue = {
  refs: rules.map(({ manifest }) => ({ name: kernelName(manifest), digest: manifest.digest })),
  rules(name) {
    const found = rules.find(({ manifest }) => kernelName(manifest) === name);
    if (found === undefined) throw unknownKernel(name);
    return found;
  },
};
