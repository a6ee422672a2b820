import { type Capabilities as Probed, probeCapabilities } from '@reckon/kernels/engine/capabilities';
import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { Capabilities } from '@reckon/protocol/wire/capabilities';

/** Kernels of floats whose results are compared byte for byte. The others are whole numbers, or agree within a tolerance. */
const FLOAT_BYTES = new Set(['custom-wasm', 'mandelbrot', 'render']);

/** What this device can do, in the words the relay is told. Kernels that would come out otherwise here are left out. */
export async function describeDevice(
  probe: () => Promise<Probed> = probeCapabilities,
): Promise<Capabilities & { cores: number }> {
  const { backends, device, workers, memoryMb, subnormals } = await probe();
  const usable = manifests.filter(({ id }) => subnormals || !FLOAT_BYTES.has(id));
  return {
    backends,
    device: device.slice(0, 80),
    deviceClass: backends.includes('webgpu') ? 'gpu' : 'cpu',
    workers: Math.min(64, workers),
    memoryMb,
    kernels: usable.map((manifest) => ({ name: kernelName(manifest), digest: manifest.digest })),
    cores: workers,
  };
}
