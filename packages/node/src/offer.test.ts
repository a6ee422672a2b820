import type { Capabilities } from '@reckon/protocol/wire/capabilities';
import { expect, test } from 'vitest';
import { offerOf } from './offer.ts';
import { defaultSettings } from './settings.ts';

const device: Capabilities = {
  backends: ['webgpu', 'wasm'],
  device: 'WebGPU · a chip',
  deviceClass: 'gpu',
  workers: 8,
  memoryMb: 8192,
  kernels: [],
};
const settings = { ...defaultSettings(8), gpu: true, workers: 4 };

test('under serious pressure workers rest half of the time, and never compute more than their person allows', () => {
  expect(offerOf(device, settings, { pressure: 'serious' }).dutyCycle).toBe(0.5);
  expect(offerOf(device, { ...settings, dutyPercent: 25 }, { pressure: 'serious' }).dutyCycle).toBe(0.25);
  expect(offerOf(device, settings, { pressure: 'fair' }).dutyCycle).toBe(1);
});

test('a node that may not use the graphics chip says that it has none', () => {
  const { capabilities, backends } = offerOf(device, { ...settings, gpu: false });
  expect(backends).toEqual(['wasm']);
  expect(capabilities).toMatchObject({ backends: ['wasm'], deviceClass: 'cpu', device: 'WASM SIMD', workers: 4 });
});
