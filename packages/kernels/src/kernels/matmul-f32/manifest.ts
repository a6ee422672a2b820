import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { kernelDigests } from '../../digests.generated.ts';

/** C = A · B in float32, within a bound that follows from A and B. */
export const matmulF32Manifest: KernelManifest = {
  id: 'matmul-f32',
  version: '1.0.0',
  digest: kernelDigests['matmul-f32@1.0.0'],
  title: 'Multiply two float32 matrices',
  summary: 'Multiplies matrices of numbers, the work inside simulations, statistics and neural networks.',
  backends: ['webgpu', 'wasm'],
  // For each product in a sum, of the length of A's row times that of B's column: never of the result, which may cancel to
  // nothing. Each unit's parameters carry the lengths that it follows from, and every run compares them (bound.ts).
  agreement: {
    kind: 'within',
    absolute: 0,
    relative: 2 ** -22,
    words:
      'within what rounding can explain for this unit’s rows and columns, a bound that its parameters carry: floats are added in another order on other devices',
  },
  policies: ['quorum'],
  inputs: [
    {
      name: 'a',
      kind: 'tensor',
      description: 'Left matrix, float32 [m, k], k at most 4,096; cut into units by rows.',
      accept: ['.npy'],
    },
    {
      name: 'b',
      kind: 'file',
      description: 'Right matrix, float32 [k, n]; every unit reads all of it.',
      accept: ['.npy'],
    },
  ],
  params: [
    { name: 'rows', kind: 'integer', description: 'Rows of A in one work unit.', default: 64, min: 1, max: 4096 },
  ],
  limits: { maxResultBytes: 64 * 1024 * 1024, maxMemoryBytes: 512 * 1024 * 1024, maxMs: 60_000 },
};
