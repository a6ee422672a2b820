import { existsSync } from 'node:fs';
import { createGpu, type GpuLease } from '../src/gpu/device.ts';

/** Where Debian's Chromium keeps its software Vulkan, SwiftShader. */
const FOLDER = '/usr/lib/chromium';
/** Leaves the library loaded after the attempt to read it as an addon has failed; the value of Linux. */
const RTLD_LAZY_NODELETE = 0x1001;

let made: Promise<GPU> | undefined;

/** Why there is no software GPU for Node here; undefined where there is one. */
export const noSoftwareGpu: string | undefined =
  process.platform !== 'linux'
    ? 'SwiftShader is looked for on Linux only'
    : !existsSync(`${FOLDER}/vk_swiftshader_icd.json`)
      ? `there is no SwiftShader in ${FOLDER}: install Chromium`
      : undefined;

async function dawn(): Promise<GPU> {
  // Read when the Vulkan loader starts.
  process.env['VK_ICD_FILENAMES'] ??= `${FOLDER}/vk_swiftshader_icd.json`;
  try {
    // Chromium brings the loader along, which the system may lack; once in the process, Dawn finds it by name.
    process.dlopen({ exports: {} }, `${FOLDER}/libvulkan.so.1`, RTLD_LAZY_NODELETE);
  } catch {
    // It is no addon of Node's.
  }
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  return create([]);
}

/** Dawn on SwiftShader, as `navigator.gpu`. */
export const softwareAdapters = (): Promise<GPU> => (made ??= dawn());

/** A device of it: correct and slow, so keep shapes below 128. Destroy it: a live one keeps a core busy. */
export async function softwareGpu(): Promise<GpuLease> {
  return createGpu({ gpu: await softwareAdapters(), windows: false }).acquire();
}
