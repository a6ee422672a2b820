import type { KernelDigest } from '@reckon/protocol/base/ids';
import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';

const hostile = (id: string, limits: Partial<KernelManifest['limits']> = {}): KernelManifest => ({
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
  limits: { maxResultBytes: 1024, maxMemoryBytes: 96 * 2 ** 20, maxMs: 30_000, ...limits },
});

/** Kernels that misbehave in each way a pool must survive, and one, `echo`, that does not. */
export const hostileManifests: readonly KernelManifest[] = [
  hostile('throws'),
  hostile('refuses'),
  hostile('hangs'),
  hostile('exits'),
  hostile('grows-heap'),
  hostile('grows-buffers'),
  hostile('too-large'),
  hostile('echo'),
];
