import { customWgslRules as rules } from '@reckon/kernels/kernels/custom-wgsl/rules';
import { ReckonError } from '@reckon/protocol/base/errors';
import { usage } from '../usage.ts';
import { findWebGpu, GET_WEBGPU } from './node-gpu.ts';
import { type LocalResult, type LocalRun, runUnits } from './run-units.ts';

/**
 * Runs a shader's units on this machine's GPU, as a volunteer's device would.
 * @throws {ReckonError} USAGE where there is no WebGPU; whatever the kernel refuses the shader or its files with.
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
  const hint = missing === 'WebGPU' ? ': no adapter. Without a GPU, name a software Vulkan in VK_ICD_FILENAMES' : '';
  return new ReckonError('USAGE', { message: `WebGPU for Node lacks ${missing}${hint}.` });
}
