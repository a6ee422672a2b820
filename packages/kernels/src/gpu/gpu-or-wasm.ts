import { toReckonError } from '@reckon/protocol/base/errors';
import type { RunContext, RunOutput } from '../kernel.ts';
import { type GpuLease, gpu } from './device.ts';

/**
 * Runs on the GPU when asked to, and on WASM in the same run when the GPU is absent, unfit or lost. Read and refuse bad
 * input before: whatever `onGpu` throws is taken for a failure of the GPU.
 */
export async function gpuOrWasm(
  context: RunContext,
  onGpu: (lease: GpuLease) => Promise<RunOutput>,
  onWasm: () => Promise<RunOutput>,
): Promise<RunOutput> {
  if (context.backend === 'wasm') return onWasm();
  try {
    const lease = await gpu.acquire();
    return await gpu.guard(lease, () => onGpu(lease));
  } catch (error) {
    context.signal.throwIfAborted();
    const fellBack = toReckonError(error).message;
    return { ...(await onWasm()), fellBack };
  }
}
