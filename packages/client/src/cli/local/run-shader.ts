import { customWgslRules as rules } from '@reckon/kernels/kernels/custom-wgsl/rules';
import { ReckonError } from '@reckon/protocol/base/errors';
import { usage } from '../usage.ts';
import { findWebGpu, GET_WEBGPU } from './node-gpu.ts';
import { type LocalResult, type LocalRun, runUnits } from './run-units.ts';

/**
 * Runs a shader's units on this machine's GPU, as a volunteer's device would.
 * @throws {ReckonError} USAGE where WebGPU is not installed, GPU_NOT_FOUND where it has no GPU; whatever the kernel refuses the shader or its files with.
 */
export async function runShader(run: Omit<LocalRun, 'rules' | 'gpuWorker'>): Promise<LocalResult> {
  // What is wrong with the files is told first: that needs no GPU.
  await rules.split(run.params, run.inputs);
  if (findWebGpu() === undefined) return usage(GET_WEBGPU);
  try {
    return await runUnits({ ...run, rules, gpuWorker: new URL('./gpu-worker.ts', import.meta.url) });
  } catch (error) {
    if (error instanceof ReckonError && error.code === 'DEVICE_UNSUPPORTED') throw noDevice(error);
    throw error;
  }
}

/** The refusal in words for a terminal: there is no browser to change. */
function noDevice({ details }: ReckonError): ReckonError {
  const { missing } = details as { missing: string };
  const cause = missing === 'WebGPU' ? 'WebGPU for Node was given none' : `the one here lacks ${missing}`;
  return new ReckonError('GPU_NOT_FOUND', { cause });
}
