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

test('how the device is powered is told where it is known', () => {
  expect(offerOf(device, settings).capabilities.power).toBeUndefined();
  expect(offerOf(device, settings, { battery: { charging: false, level: 1 } }).capabilities.power).toEqual({
    battery: true,
  });
  const green = { ...settings, greenHours: [10, 16] as [number, number], gramsCo2PerKwh: 50 };
  expect(offerOf(device, green).capabilities.power).toEqual({
    battery: false,
    greenHours: [10, 16],
    gramsCo2PerKwh: 50,
  });
});

test('a battery that its person lets compute is no reason for the relay to give it nothing', () => {
  const battery = { charging: false, level: 1 };
  expect(offerOf(device, { ...settings, onBattery: true }, { battery }).capabilities.power).toEqual({ battery: false });
});
