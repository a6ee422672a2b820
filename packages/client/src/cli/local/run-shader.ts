import { createPool } from '@reckon/kernels/engine/pool';
import { spawnNodeWorker } from '@reckon/kernels/engine/worker-node';
import type { InputFile } from '@reckon/kernels/kernel';
import { customWgslRules as rules } from '@reckon/kernels/kernels/custom-wgsl/rules';
import { hashBlob } from '@reckon/protocol/base/hash';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { usage } from '../usage.ts';
import { findWebGpu, GET_WEBGPU } from './node-gpu.ts';

/** A shader as a job would bring it: the kernel's inputs by name, and its parameters. */
export interface ShaderRun {
  inputs: ReadonlyMap<string, InputFile>;
  params: Record<string, unknown>;
  signal: AbortSignal;
  onProgress?: (done: number, units: number) => void;
}

export interface ShaderRunResult {
  /** What the network would give back. */
  files: NamedPart[];
  units: number;
  device: string;
  /** Time in the kernel, all units together. */
  computeMs: number;
}

/**
 * Runs a shader's units one after the other on this machine's GPU, as a volunteer's device would: the same cutting, checks,
 * deadlines and putting together.
 * @throws {ReckonError} USAGE where there is no WebGPU; whatever the kernel refuses the shader or its files with.
 */
export async function runShader({ inputs, params, signal, onProgress }: ShaderRun): Promise<ShaderRunResult> {
  const plan = await rules.split(params, inputs);
  if (findWebGpu() === undefined) return usage(GET_WEBGPU);
  const { manifest } = rules;
  const pool = createPool({
    spawn: spawnNodeWorker({
      limitBytes: manifest.limits.maxMemoryBytes,
      entry: new URL('./gpu-worker.ts', import.meta.url),
    }),
    size: 1,
  });
  const digests = new Map(plan.shared.map(({ name, bytes }) => [name, hashBlob(bytes)]));
  const results: Uint8Array[] = [];
  let [computeMs, device] = [0, ''];
  try {
    for (const unit of plan.units) {
      onProgress?.(results.length, plan.units.length);
      const blobs = new Map([...plan.shared, ...unit.blobs].map(({ name, bytes }) => [name, bytes.slice()]));
      const output = await pool.run(
        {
          kernel: kernelName(manifest),
          digest: manifest.digest,
          input: { params: unit.params, blobs, digests },
          backends: manifest.backends,
          dutyCycle: 1,
        },
        { signal },
      );
      const problem = rules.inspect(unit.params, output.bytes);
      if (problem !== undefined) {
        throw new ReckonError('KERNEL_RESULT_INVALID', { kernel: kernelName(manifest), cause: problem });
      }
      results.push(output.bytes);
      computeMs += output.computeMs;
      device = output.device;
    }
  } catch (error) {
    if (error instanceof ReckonError && error.code === 'DEVICE_UNSUPPORTED') throw noDevice(error);
    throw error;
  } finally {
    pool.close();
  }
  return { files: rules.merge(plan.stageParams, results), units: plan.units.length, device, computeMs };
}

/** The refusal in words for a terminal: there is no browser to change. */
const noDevice = ({ details }: ReckonError): ReckonError => {
  const { missing } = details as { missing: string };
  const hint =
    missing === 'WebGPU' ? ': it found no adapter. Without a GPU, name a software Vulkan in VK_ICD_FILENAMES' : '';
  return new ReckonError('USAGE', { message: `WebGPU for Node lacks ${missing}${hint}.` });
};
