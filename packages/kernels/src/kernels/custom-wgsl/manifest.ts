import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { kernelDigests } from '../../digests.generated.ts';

/** A WGSL compute shader of the requester's, over rows of a tensor or over numbered rows. */
export const customWgslManifest: KernelManifest = {
  id: 'custom-wgsl',
  version: '1.0.0',
  digest: kernelDigests['custom-wgsl@1.0.0'],
  title: 'Run a WGSL shader',
  summary: 'Runs a program that the requester wrote for graphics processors.',
  // A shader has no twin in WASM: nodes without WebGPU do not announce this kernel.
  backends: ['webgpu'],
  guest: true,
  // The floor of what a shader's manifest may ask for (`shader-manifest.ts`). Each order names its own tolerance, which its
  // units carry; whole numbers must be equal.
  agreement: {
    kind: 'within',
    absolute: 1e-37,
    relative: 1e-6,
    words:
      'within the tolerance that the order states, as far as numbers are floats, which differ between devices; whole numbers must be equal',
  },
  // Nobody but another run can tell whether a stranger's program was run right.
  policies: ['quorum'],
  inputs: [
    { name: 'shader', kind: 'file', description: 'The compute shader, as WGSL text.', accept: ['.wgsl'] },
    {
      name: 'manifest',
      kind: 'file',
      description: 'What the shader’s bindings hold, how large its workgroups are, and when results agree.',
      accept: ['.json'],
    },
    {
      name: 'data',
      kind: 'tensor',
      description: 'Rows for the shader, float32, int32 or uint32; cut into units by rows.',
      accept: ['.npy'],
      optional: true,
    },
    {
      name: 'table',
      kind: 'file',
      description: 'A tensor that every unit reads whole, float32, int32 or uint32.',
      accept: ['.npy'],
      optional: true,
    },
  ],
  params: [
    { name: 'rows', kind: 'integer', description: 'Rows in one work unit.', default: 65_536, min: 1, max: 16_777_216 },
    {
      name: 'units',
      kind: 'integer',
      description: 'Work units of a job without data. With data, its rows decide.',
      default: 2,
      min: 1,
      max: 4096,
    },
    {
      name: 'params',
      kind: 'text',
      description: 'Numbers for the shader’s uniform: a JSON list in its order, or an object by name.',
      default: '{}',
    },
    {
      name: 'seconds',
      kind: 'integer',
      description: 'Seconds that a unit takes at most on an ordinary computer; a lease is set by it.',
      default: 5,
      min: 1,
      max: 50,
    },
  ],
  limits: { maxResultBytes: 64 * 1024 * 1024, maxMemoryBytes: 512 * 1024 * 1024, maxMs: 60_000 },
};
