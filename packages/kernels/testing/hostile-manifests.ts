import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';

const hostile = (id: string, changes: Partial<KernelManifest> = {}): KernelManifest => ({
  id,
  version: '1.0.0',
  digest: `0x${'ee'.repeat(32)}` as KernelDigest,
  title: id,
  summary: 'Misbehaves, for tests.',
  backends: ['webgpu', 'wasm'],
  agreement: { kind: 'exact' },
  policies: ['quorum'],
  inputs: [],
  params: [],
  limits: { maxResultBytes: 1024, maxMemoryBytes: 96 * 2 ** 20, maxMs: 30_000 },
  ...changes,
});

/** Kernels that misbehave in each way a pool must survive, and some that do not: `echo`, `guest`, `greedy-guest`, `gpu-only`. */
export const hostileManifests: readonly KernelManifest[] = [
  hostile('throws'),
  hostile('refuses'),
  hostile('hangs'),
  hostile('exits'),
  hostile('grows-heap'),
  hostile('grows-buffers'),
  hostile('grows-wasm'),
  hostile('lies'),
  hostile('too-large'),
  hostile('echo'),
  hostile('guest', {
    guest: true,
    inputs: [
      { name: 'program', kind: 'file', description: 'What it runs.', accept: ['.wasm'] },
      { name: 'notes', kind: 'file', description: 'Read beside it.', accept: ['.txt'], optional: true },
      { name: '*', kind: 'tensor', description: 'Rows.', accept: ['.npy'] },
    ],
  }),
  hostile('greedy-guest', { guest: true }),
  hostile('gpu-only', { backends: ['webgpu'] }),
];
