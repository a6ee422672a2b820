import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { expect, test } from 'vitest';
import { loadGuestKernel } from './guest-registry.ts';
import { manifests } from './manifests.ts';
import { loadKernel } from './registry.ts';

test.each(manifests)('the guests’ worker has $id@$version if and only if it runs guests', async (manifest) => {
  const name = kernelName(manifest);
  if (manifest.guest === true) expect(await loadGuestKernel(name)).toBe(await loadKernel(name));
  else await expect(loadGuestKernel(name)).rejects.toMatchObject({ code: expect.stringMatching(/^KERNEL_.*UNKNOWN$/) });
});
