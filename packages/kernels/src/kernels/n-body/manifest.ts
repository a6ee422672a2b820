import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { kernelDigests } from '../../digests.generated.ts';

/** Gravity of all bodies on a slice of them, by direct sum in f32. */
export const nBodyManifest: KernelManifest = {
  id: 'n-body',
  version: '1.0.0',
  digest: kernelDigests['n-body@1.0.0'],
  title: 'Sum up gravity',
  summary: 'Adds up the pull of all bodies on some of them: what moves stars in a cluster or galaxies in a model.',
  backends: ['webgpu', 'wasm'],
  // Of the potential; the bounds of the other numbers are in tolerance.ts.
  agreement: {
    kind: 'within',
    absolute: 0,
    relative: 46 * 2 ** -23,
    words:
      'within what rounding can explain: 5.5 millionths of the potential, and for an acceleration 7.7 millionths of what it would be if all bodies pulled the same way',
  },
  policies: ['quorum'],
  inputs: [
    {
      name: 'bodies',
      kind: 'file',
      description: 'Positions and masses as .npy float32 [n, 4]: x, y, z, mass. Left out, a Plummer sphere is made.',
      accept: ['.npy'],
      optional: true,
    },
  ],
  params: [
    {
      name: 'bodies',
      kind: 'integer',
      description: 'Bodies of the Plummer sphere that is made when none are given: a cluster of radius 1 and mass 1.',
      default: 100_000,
      min: 2,
      max: 2 ** 20,
    },
    {
      name: 'seed',
      kind: 'integer',
      description: 'Chooses the Plummer sphere; the same seed gives the same bodies.',
      default: 1,
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
    },
    {
      name: 'softening',
      kind: 'number',
      description: 'Length below which gravity is softened: 1 / √(r² + softening²) stands for 1 / r.',
      default: 0.01,
      min: 1e-6,
      max: 1e6,
    },
    {
      name: 'targets',
      kind: 'integer',
      description: 'Bodies of a unit, on which all others pull.',
      default: 12_500,
      min: 1,
      max: 65_536,
    },
  ],
  limits: { maxResultBytes: 65_537 * 20 + 128, maxMemoryBytes: 128 * 1024 * 1024, maxMs: 240_000 },
};
