import type { KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import type { Capabilities } from '@reckon/protocol/wire/capabilities';

/** What a unit of this kernel runs on here: the device's GPU only where both have WebGPU. */
export function runsOn(
  manifest: Pick<KernelManifest, 'backends'> | undefined,
  capabilities: Pick<Capabilities, 'backends' | 'device'> | null | undefined,
): string {
  if (capabilities === null || capabilities === undefined) return 'not known yet';
  const { backends, device } = capabilities;
  // A device without WebGPU is named by its WASM.
  if (manifest === undefined || !backends.includes('webgpu') || manifest.backends.includes('webgpu')) return device;
  return 'WASM, on the processor';
}
