import { toUtf8 } from '@reckon/protocol/base/bytes';
import { unpackParts } from '@reckon/protocol/base/named-parts';
import { expect } from 'vitest';
import { createGpu } from '../src/gpu/device.ts';
import type { InputFile, KernelImplementation, RunContext } from '../src/kernel.ts';
import { customWgslRules } from '../src/kernels/custom-wgsl/rules.ts';
import { shaderKernelOn } from '../src/kernels/custom-wgsl/run.ts';
import { decodeNpy } from '../src/tensor/npy.ts';
import { toNumbers } from '../src/tensor/tensor.ts';
import { context } from './kernel-acceptance.ts';
import { softwareKernel } from './shader-on-software.ts';
import { softwareGpu } from './software-gpu.ts';

export type Binding = Record<string, unknown>;
/** An output of u32, one for each row, unless told. */
export const output = (name: string, binding: number, more: Binding = {}) => ({
  from: 'output',
  binding,
  name,
  type: 'u32',
  ...more,
});
/** A job of a shader: its text and bindings, and whatever else is not usual. */
export interface ShaderCase {
  code: string;
  bindings: Binding[];
  manifest?: Binding;
  params?: Record<string, unknown>;
  files?: Record<string, Uint8Array>;
  on?: Partial<RunContext>;
  kernel?: KernelImplementation;
}

/** Splits a job of a shader, runs its units, and gives each output's numbers, put together. */
export async function runShaderCase({
  code,
  bindings,
  manifest,
  params = {},
  files = {},
  on = {},
  kernel: brought,
}: ShaderCase): Promise<Record<string, number[]>> {
  const text = JSON.stringify({ entryPoint: 'main', workgroupSize: [64, 1, 1], bindings, ...manifest });
  const bytes = { shader: toUtf8(code), manifest: toUtf8(text), ...files };
  const inputs = new Map(
    Object.entries(bytes).map(([name, file]): [string, InputFile] => [name, { fileName: name, bytes: file }]),
  );
  const plan = await customWgslRules.split({ rows: 100, units: 1, ...params }, inputs);
  const kernel = brought ?? (await softwareKernel());
  const results: Uint8Array[] = [];
  for (const unit of plan.units) {
    const blobs = new Map([...plan.shared, ...unit.blobs].map((part) => [part.name, part.bytes]));
    const result = await kernel.run({ params: unit.params, blobs }, context({ backend: 'webgpu', ...on }));
    expect(customWgslRules.inspect(unit.params, result.bytes)).toBeUndefined();
    expect(unpackParts(result.bytes).length).toBe(bindings.filter(({ from }) => from === 'output').length);
    results.push(result.bytes);
  }
  return Object.fromEntries(
    customWgslRules
      .merge(plan.stageParams, results)
      .map((file) => [file.name.replace('.npy', ''), Array.from(toNumbers(decodeNpy(file.name, file.bytes)))]),
  );
}

/** An entry point whose `item` is the thread's. */
export const main = (body: string, size = '64') =>
  `@compute @workgroup_size(${size}) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= span.count) { return; }
  let item = span.first + id.x;
  ${body}
}`;
/** The one output of most tests. */
export const Y = '@group(0) @binding(0) var<storage, read_write> y: array<u32>;\n';

/** The kernel on devices of its own, which a test may lose. */
export async function freshKernel() {
  const { guard } = createGpu({ gpu: undefined, windows: false });
  let lease = await softwareGpu();
  const acquire = async () => {
    if (lease.lost.aborted) lease = await softwareGpu();
    return lease;
  };
  return { kernel: shaderKernelOn({ barred: false, onLost: undefined, acquire, guard }), lease: () => lease };
}
