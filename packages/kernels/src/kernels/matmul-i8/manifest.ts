import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { kernelDigests } from '../../digests.generated.ts';

/** C (int32) = A (int8) · B (int8), exact on every device. */
export const matmulManifest: KernelManifest = {
  id: 'matmul-i8',
  version: '1.1.0',
  digest: kernelDigests['matmul-i8@1.1.0'],
  title: 'Multiply two int8 matrices',
  summary: 'Multiplies whole-number matrices, the work inside a quantised neural network.',
  backends: ['webgpu', 'wasm'],
  agreement: { kind: 'exact' },
  policies: ['quorum', 'sample', 'certificate', 'audit'],
  // Every row is an answer of its own, so sampling speaks only of forgeries of a twentieth of them or more. Where each
  // row counts, the certificate checks all.
  chunking: { chunk: 'one row of the product, or a few of a product with more than 1,024', leastHarmfulShare: 0.05 },
  // Measured for four shapes of small layers (testing/certificate-cost.ts): 3 to 9 % of a run, and 5 to 20 % for the
  // first result of a B; the smallest is the dearest.
  certificate: { method: 'Freivalds’ check in whole numbers, three secret trials', errorLog2: -63, costShare: 0.15 },
  inputs: [
    { name: 'a', kind: 'tensor', description: 'Left matrix, int8 [m, k]; cut into units by rows.', accept: ['.npy'] },
    {
      name: 'b',
      kind: 'file',
      description: 'Right matrix, int8 [k, n]; every unit reads all of it.',
      accept: ['.npy'],
    },
  ],
  params: [
    { name: 'rows', kind: 'integer', description: 'Rows of A in one work unit.', default: 64, min: 1, max: 4096 },
  ],
  limits: { maxResultBytes: 64 * 1024 * 1024, maxMemoryBytes: 512 * 1024 * 1024, maxMs: 60_000 },
};
