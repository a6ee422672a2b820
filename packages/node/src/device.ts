import { probeCapabilities } from '@reckon/kernels/engine/capabilities';
import { manifests } from '@reckon/kernels/manifests';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { Capabilities } from '@reckon/protocol/wire/capabilities';

/** What this device can do, in the words the relay is told. */
export async function describeDevice(): Promise<Capabilities & { cores: number }> {
  const { backends, device, workers, memoryMb } = await probeCapabilities();
  return {
    backends,
    device: device.slice(0, 80),
    deviceClass: backends.includes('webgpu') ? 'gpu' : 'cpu',
    workers: Math.min(64, workers),
    memoryMb,
    kernels: manifests.map((manifest) => ({ name: kernelName(manifest), digest: manifest.digest })),
    cores: workers,
  };
}
