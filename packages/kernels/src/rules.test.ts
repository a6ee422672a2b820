import { KernelName, kernelName } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { manifests } from './manifests.ts';
import { loadKernel } from './registry.ts';
import { kernelRules } from './rules.ts';

test.each(manifests.map(kernelName))('%s has rules, code and a valid name', async (name) => {
  expect(kernelRules(name).manifest).toBe((await loadKernel(name)).manifest);
  expect(v.is(KernelName, name)).toBe(true);
});

test('an unknown kernel and an unknown version are refused with the known ones', async () => {
  expect(() => kernelRules('fold@1.0.0')).toThrow(/no kernel "fold@1\.0\.0"\. Known: onnx@1\.1\.0, matmul-i8@1\.1\.0/);
  expect(() => kernelRules('onnx@9.0.0')).toThrow(expect.objectContaining({ code: 'KERNEL_VERSION_UNKNOWN' }));
  await expect(loadKernel('onnx@9.0.0')).rejects.toMatchObject({ code: 'KERNEL_VERSION_UNKNOWN' });
  await expect(loadKernel('constructor')).rejects.toMatchObject({ code: 'KERNEL_UNKNOWN' });
});
