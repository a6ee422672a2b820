import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** WebGPU in Node: the package `webgpu` (Dawn), which is 130 MB and so nobody's dependency. */
interface DawnModule {
  create(flags: string[]): GPU;
  /** `GPUBufferUsage` and the like. */
  globals: Record<string, unknown>;
}
const PACKAGE = 'webgpu';

/** What to tell a person without it. */
export const GET_WEBGPU =
  'Running a shader here needs WebGPU for Node, which is not installed. Get it with: npm i webgpu';

/** Where the package is: beside this program, or in the folder of whoever runs it. */
export function findWebGpu(folder: string = process.cwd()): string | undefined {
  for (const from of [import.meta.url, pathToFileURL(join(folder, 'package.json')).href]) {
    try {
      return pathToFileURL(createRequire(from).resolve(PACKAGE)).href;
    } catch {
      // Not there; the next place may have it.
    }
  }
  return undefined;
}

/** Puts WebGPU where browsers have it. Which adapters there are is the system's affair: `VK_ICD_FILENAMES` and its like. */
export async function installWebGpu(module: string): Promise<void> {
  const { create, globals } = (await import(module)) as DawnModule;
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: create([]), configurable: true });
}
