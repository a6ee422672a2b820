import { expect, test } from 'vitest';
import { keepsSubnormals, type VectorAdditions } from './subnormals.ts';

const right: VectorAdditions = { f: (bits) => 2 * bits, d: (bits) => 2n * bits };

test('this machine adds subnormal floats in vectors as WebAssembly says', async () => {
  expect(await keepsSubnormals()).toBe(true);
});

test.each<[string, () => Promise<VectorAdditions>, boolean]>([
  ['keeps them', async () => right, true],
  ['takes small single floats for 0', async () => ({ ...right, f: () => 0 }), false],
  ['takes small double floats for 0', async () => ({ ...right, d: () => 0n }), false],
  ['takes arguments for 0, and keeps the sign', async () => ({ ...right, f: () => -(2 ** 31) }), false],
  ['has no vectors', () => Promise.reject(new WebAssembly.CompileError('no SIMD')), false],
])('a device that %s', async (_what, load, keeps) => {
  expect(await keepsSubnormals(load)).toBe(keeps);
});
