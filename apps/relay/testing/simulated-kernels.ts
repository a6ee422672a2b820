import type { KernelRules } from '@reckon/kernels/kernel';
import { ReckonError } from '@reckon/protocol/base/errors';
import { fromUtf8, toUtf8 } from '@reckon/protocol/base/bytes';
import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { Agreement, KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { KernelCatalogue } from '../src/kernels.ts';

/** Two tiny kernels for simulations: one compared by bytes, one within a tolerance. A result is a number as text. */

function rules(id: string, digest: string, agreement: Agreement): KernelRules {
  const manifest: KernelManifest = {
    id,
    version: '1.0.0',
    digest: `0x${digest.repeat(32)}` as KernelDigest,
    title: id,
    summary: 'Adds numbers.',
    backends: ['wasm'],
    agreement,
    policies: ['quorum'],
    inputs: [],
    params: [],
    limits: { maxResultBytes: 1024, maxMemoryBytes: 1 << 20, maxMs: 60_000 },
  };
  const valueOf = (bytes: Uint8Array) => Number(fromUtf8(bytes));
  return {
    manifest,
    split: () => {
      throw new ReckonError('KERNEL_PARAMS_INVALID', { kernel: id, path: '', expected: 'no split', received: 'one' });
    },
    inspect: (_params, result) => (Number.isFinite(valueOf(result)) ? undefined : 'not a number'),
    agree: (a, b) =>
      agreement.kind === 'exact'
        ? fromUtf8(a) === fromUtf8(b)
        : Math.abs(valueOf(a) - valueOf(b)) <= agreement.absolute,
    merge: () => [],
  };
}

export const exactKernel = rules('exact-sum', '11', { kind: 'exact' });
export const closeKernel = rules('close-sum', '22', { kind: 'within', absolute: 0.01, relative: 0 });

const all = [exactKernel, closeKernel];
export const refOf = ({ manifest }: KernelRules) => ({
  name: `${manifest.id}@${manifest.version}`,
  digest: manifest.digest,
});

export const simulatedKernels: KernelCatalogue = {
  refs: all.map(refOf),
  rules(name) {
    const found = all.find((kernel) => refOf(kernel).name === name);
    if (found === undefined) throw new ReckonError('KERNEL_UNKNOWN', { kernel: name, known: 'exact-sum, close-sum' });
    return found;
  },
};

/** The right answer of a unit. */
export const answerOf = (params: string): number => (JSON.parse(params) as { i: number }).i * 3 + 1;

export const encodeAnswer = (value: number): Uint8Array => toUtf8(String(value));
