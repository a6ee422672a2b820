import { manifests } from '@reckon/kernels/manifests';
import { type Backend, kernelName, type KernelRef } from '@reckon/protocol/model/kernel-manifest';
import type { Capabilities } from '@reckon/protocol/wire/capabilities';
import type { Power } from '@reckon/protocol/wire/power';
import { type DeviceSignals, YIELDING_DUTY } from './policy.ts';
import type { NodeSettings } from './settings.ts';

/** What a device gives under its person's settings. */
export interface Offer {
  workers: number;
  /** Share of time a worker computes, 0 < d ≤ 1. */
  dutyCycle: number;
  backends: readonly Backend[];
  /** What the relay is told. */
  capabilities: Capabilities;
}

/** How the device is powered, where its browser or its person tells. */
function powerOf(
  { onBattery, gramsCo2PerKwh, greenHours }: NodeSettings,
  { battery }: DeviceSignals,
): Power | undefined {
  if (battery === undefined && gramsCo2PerKwh === undefined && greenHours === undefined) return undefined;
  return {
    // Relays leave devices on battery alone. Where its person allows that, there is no reason to.
    battery: battery?.charging === false && !onBattery,
    ...(gramsCo2PerKwh === undefined ? {} : { gramsCo2PerKwh }),
    ...(greenHours === undefined ? {} : { greenHours }),
  };
}

/** Kernels that run on WebGPU alone. */
const gpuOnly = new Set(manifests.filter(({ backends }) => !backends.includes('wasm')).map(kernelName));
const runsWithoutGpu = ({ name }: KernelRef): boolean => !gpuOnly.has(name);

/** The device's abilities, narrowed by the settings and by how busy it is; WASM is always among them. Pure. */
export function offerOf(device: Capabilities, settings: NodeSettings, signals: DeviceSignals = {}): Offer {
  const gpu = settings.gpu && device.backends.includes('webgpu');
  const backends: Backend[] = gpu ? ['webgpu', 'wasm'] : ['wasm'];
  const power = powerOf(settings, signals);
  const capabilities: Capabilities = {
    ...device,
    backends,
    workers: settings.workers,
    ...(power === undefined ? {} : { power }),
    kernels: gpu ? device.kernels : device.kernels.filter(runsWithoutGpu),
    ...(gpu ? {} : { deviceClass: 'cpu' as const, device: device.deviceClass === 'gpu' ? 'WASM SIMD' : device.device }),
  };
  const most = signals.pressure === 'serious' ? YIELDING_DUTY : 1;
  return { workers: settings.workers, dutyCycle: Math.min(settings.dutyPercent / 100, most), backends, capabilities };
}
