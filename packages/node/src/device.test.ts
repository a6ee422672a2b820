import type { Capabilities } from '@reckon/kernels/engine/capabilities';
import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { expect, test } from 'vitest';
import { describeDevice } from './device.ts';

const probed = (subnormals: boolean) => async (): Promise<Capabilities> => ({
  backends: ['wasm'],
  device: 'WASM SIMD',
  simd: true,
  relaxedSimd: false,
  subnormals,
  workers: 4,
  memoryMb: 4096,
});
const announced = async (subnormals: boolean) =>
  (await describeDevice(probed(subnormals))).kernels.map(({ name }) => name);

test('a device announces every kernel, with its digest', async () => {
  const { kernels } = await describeDevice(probed(true));
  expect(kernels).toEqual(manifests.map((manifest) => ({ name: kernelName(manifest), digest: manifest.digest })));
});

test('one that takes small floats for 0 announces no kernel whose floats are compared by their bytes', async () => {
  const left = await announced(false);
  const exact = manifests.filter(({ agreement }) => agreement.kind === 'exact');
  // A new exact kernel belongs here if it computes in whole numbers, else to those that are left out.
  const wholeNumbers = ['hash-search', 'matmul-i8', 'monte-carlo'];
  expect(
    exact
      .filter((manifest) => left.includes(kernelName(manifest)))
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(wholeNumbers);
  expect(await announced(true)).toEqual(expect.arrayContaining(left));
  expect(left).toHaveLength(manifests.length - exact.length + wholeNumbers.length);
});
