import { loadKernel } from '../src/registry.ts';
import type { UnitInput } from '../src/kernel.ts';

/** Buffers of the page's devices that were made and not destroyed. */
const living = new Set<GPUBuffer>();

/** From now on every buffer of this page is counted. */
function watchBuffers(): void {
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    living.add(buffer);
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    living.delete(this);
    return destroy.call(this);
  };
}
let watching = false;

/** Runs a unit on WebGPU in the page itself. @returns how many buffers were alive after each run, and on what it ran. */
export async function countBuffers(kernel: string, input: UnitInput, runs: number): Promise<[number[], string]> {
  if (!watching) watchBuffers();
  watching = true;
  const { run } = await loadKernel(kernel);
  const counts: number[] = [];
  let on = '';
  for (let i = 0; i < runs; i++) {
    const { signal } = new AbortController();
    const { device, fellBack } = await run(input, { backend: 'webgpu', signal, progress: () => undefined });
    on = fellBack ?? device;
    counts.push(living.size);
  }
  return [counts, on];
}
