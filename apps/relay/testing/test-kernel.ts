import { concat, equalBytes, fromUtf8, toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { ChunkRules, KernelRules } from '@reckon/kernels/kernel';
import { unknownKernel } from '@reckon/kernels/rules';
import { kernelName, type KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { KernelCatalogue } from '../src/kernels.ts';

const EXACT = { kind: 'exact' } as const;

function rulesOf(id: string, over: Partial<KernelManifest>, parts: Partial<KernelRules> = {}): KernelRules {
  const agreement = over.agreement ?? EXACT;
  return {
    manifest: {
      id,
      version: '1.0.0',
      digest: hashBlob(toUtf8(id)) as string as KernelDigest,
      title: id,
      summary: 'Repeats its parameters.',
      backends: ['wasm'],
      agreement,
      policies: ['quorum', 'audit'],
      inputs: [],
      params: [],
      limits: { maxResultBytes: 200_000, maxMemoryBytes: 1, maxMs: 1000 },
      ...over,
    },
    split: () => ({ units: [], shared: [], stageParams: '{}', creditsPerUnit: 1, leaseMs: 10_000 }),
    inspect: (_params, result) => (fromUtf8(result.slice(0, 3)) === 'bad' ? 'it begins with bad' : undefined),
    // Results that agree within tolerance begin with the same letter.
    agree: agreement.kind === 'exact' ? equalBytes : (a, b) => a[0] === b[0],
    merge: () => [],
    ...parts,
  };
}

/** Bytes of one chunk, and chunks of a result. */
const CHUNK = 4;
export const CHUNKS = 8;

const chunks: ChunkRules = {
  count: () => CHUNKS,
  slice: (_params, result, index) => result.subarray(index * CHUNK, (index + 1) * CHUNK),
  compute: ({ params }, index) => toUtf8(`${params}:${index}`.padEnd(CHUNK).slice(0, CHUNK)),
};

/** The right result of a unit of `chunky`; `wrong` names chunks that are forged. */
export const chunkyResult = (params: string, wrong: readonly number[] = []): Uint8Array =>
  concat(
    ...Array.from({ length: CHUNKS }, (_, i) =>
      wrong.includes(i) ? toUtf8('lies') : chunks.compute({ params, blobs: new Map() }, i),
    ),
  );

/** The right result of a unit of `certain` over these bytes. */
export const sumResult = (data: Uint8Array): Uint8Array => toUtf8(String(data.reduce((sum, byte) => sum + byte, 0)));

const rules = [
  rulesOf('echo', {}),
  rulesOf('roughly', { agreement: { kind: 'within', absolute: 1, relative: 0 } }),
  rulesOf(
    'chunky',
    { policies: ['quorum', 'sample', 'audit'], chunking: { chunk: 'four bytes', leastHarmfulShare: 0.25 } },
    { chunks, inspect: (_params, { length }) => (length === CHUNK * CHUNKS ? undefined : `it has ${length} bytes`) },
  ),
  rulesOf(
    'certain',
    {
      policies: ['quorum', 'certificate', 'audit'],
      certificate: { method: 'adding up again', errorLog2: -63, costShare: 0.1 },
    },
    {
      async check({ blobs }, result) {
        const data = blobs.get('data') ?? new Uint8Array(0);
        if (equalBytes(result, sumResult(data))) return { passed: true, errorLog2: -63 };
        return { passed: false, cause: 'it is another sum' };
      },
    },
  ),
];

/**
 * Kernels whose results are any text that does not begin with "bad": `echo` exact, `roughly` by first letter; `chunky`,
 * exact, in eight chunks; `certain`, whose results can be checked.
 */
export const testKernels: KernelCatalogue = {
  refs: rules.map(({ manifest }) => ({ name: kernelName(manifest), digest: manifest.digest })),
  rules(name) {
    const found = rules.find(({ manifest }) => kernelName(manifest) === name);
    if (found === undefined) throw unknownKernel(name);
    return found;
  },
};
