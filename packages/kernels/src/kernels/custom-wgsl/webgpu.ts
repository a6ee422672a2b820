import type { ErrorDetails } from '@reckon/protocol/base/error-codes';
import { ReckonError } from '@reckon/protocol/base/errors';
import type { GpuLease } from '../../gpu/device.ts';
import { dispatchRanges } from '../../gpu/dispatch.ts';
import { withErrorScopes } from '../../gpu/error-scopes.ts';
import { checkLimits, type Need, storageNeeds, workgroupNeeds } from '../../gpu/limits.ts';
import { computePipeline } from '../../gpu/pipelines.ts';
import { createReadback } from '../../gpu/readback.ts';
import type { RunContext } from '../../kernel.ts';
import type { ShaderBuffer, ShaderJob } from './shader-job.ts';
import { SPAN_BYTES, spanWgsl } from './span.ts';
import { lineCount, NOWHERE, refuseShader } from './wgsl-text.ts';

/** What the shader is called in errors. */
const NAME = 'shader';

/**
 * Runs a unit's shader and gives its outputs' bytes, in the manifest's order. Outputs begin as zeros: WebGPU clears new
 * buffers, and workgroup memory, so that a shader never sees what another left behind.
 * @throws {ReckonError} SHADER_INVALID, DEVICE_UNSUPPORTED, DEVICE_MEMORY, DEVICE_LOST
 */
export async function runShader(
  lease: GpuLease,
  job: ShaderJob,
  { signal, progress }: Pick<RunContext, 'signal' | 'progress'>,
): Promise<Uint8Array[]> {
  const { device } = lease;
  const { manifest, items, rows, firstRow, budget } = job;
  checkLimits(device.limits, needsOf(job));
  const pipeline = await compile(device, job);
  const made: GPUBuffer[] = [];
  const outputs = job.buffers.filter(({ kind }) => kind === 'write');
  const readback = createReadback(device, { largest: Math.max(...outputs.map(({ bytes }) => bytes)) });
  try {
    const { groups, span, cut, written } = await withErrorScopes(device, 'the shader’s buffers', () =>
      bind(device, pipeline, job, made),
    );
    const granule = manifest.itemsPerWorkgroup ?? manifest.workgroupSize[0];
    const submit = (first: number, count: number) => {
      device.queue.writeBuffer(span, 0, Uint32Array.of(first, count, rows, firstRow));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      for (const [index, group] of groups.entries()) pass.setBindGroup(index, group);
      pass.dispatchWorkgroups(Math.ceil(count / granule));
      pass.end();
      device.queue.submit([encoder.finish()]);
    };
    let begun = false;
    await dispatchRanges(lease, {
      items,
      // Nothing is known of a stranger's shader: one workgroup tells.
      firstItems: granule,
      granule,
      maxItems: granule * device.limits.maxComputeWorkgroupsPerDimension,
      signal,
      async submit(first, count) {
        // What is wrong with a dispatch, as a buffer that is too short for its type, is wrong with the first.
        if (first === 0) {
          await withErrorScopes(device, NAME, () => submit(first, count)).catch((error: unknown) => {
            throw asShaderFault(error);
          });
          return;
        }
        // So is a loop without an end, mostly.
        if (!begun) refuseCut(await readback.read(cut, 0, 4), budget);
        begun = true;
        submit(first, count);
      },
      onDone: (done) => progress(done / items),
    });
    refuseCut(await readback.read(cut, 0, 4), budget);
    const results: Uint8Array[] = [];
    for (const [i, { bytes }] of outputs.entries()) {
      results.push(await readback.read(written[i] as GPUBuffer, 0, bytes));
      signal.throwIfAborted();
    }
    return results;
  } finally {
    readback.destroy();
    for (const buffer of made) buffer.destroy();
  }
}

/** Results of loops that were cut short are no results. @throws {ReckonError} SHADER_INVALID */
function refuseCut(flag: Uint8Array, budget: number): void {
  if (flag.every((byte) => byte === 0)) return;
  refuseShader(NOWHERE, `the loops of one thread did more than ${budget} words of work; cut the work into more items`);
}

function needsOf({ buffers, manifest }: ShaderJob): Need[] {
  const storage = buffers.filter(({ kind }) => kind !== 'uniform');
  return [
    ...workgroupNeeds(NAME, manifest.workgroupSize),
    { limit: 'maxStorageBuffersPerShaderStage', value: storage.length + 1, of: 'the shader’s bindings' },
    ...storage.flatMap(({ name, bytes }) => storageNeeds(name, bytes)),
  ];
}

const TYPES: Readonly<Record<ShaderBuffer['kind'], GPUBufferBindingType>> = {
  uniform: 'uniform',
  read: 'read-only-storage',
  write: 'storage',
};
const entry = (binding: number, type: GPUBufferBindingType): GPUBindGroupLayoutEntry => ({
  binding,
  visibility: GPUShaderStage.COMPUTE,
  buffer: { type },
});

async function compile(device: GPUDevice, job: ShaderJob): Promise<GPUComputePipeline> {
  const { code, place, manifest, buffers, budget } = job;
  try {
    return await computePipeline(device, {
      name: NAME,
      code: `${code}\n${spanWgsl(budget)}`,
      entryPoint: manifest.entryPoint,
      groups: [
        buffers.map(({ binding, kind }) => entry(binding, TYPES[kind])),
        [entry(0, 'uniform'), entry(1, 'storage')],
      ],
    });
  } catch (error) {
    throw inOwnText(asShaderFault(error), lineCount(code), place);
  }
}

/**
 * A stranger's shader that a driver fails on says nothing of other shaders: a node that answered DEVICE_UNSUPPORTED would be
 * given no shader any more.
 */
function asShaderFault(error: unknown): unknown {
  if (!(error instanceof ReckonError) || error.code !== 'DEVICE_UNSUPPORTED') return error;
  const { missing } = error.details as ErrorDetails['DEVICE_UNSUPPORTED'];
  return new ReckonError(
    'SHADER_INVALID',
    { shader: NAME, ...NOWHERE, cause: `it takes ${missing}` },
    { cause: error },
  );
}

/** The refusal with the place in the author's text. One that stops too early fails in what follows it. */
function inOwnText(error: unknown, lines: number, place: ShaderJob['place']): unknown {
  if (!(error instanceof ReckonError) || error.code !== 'SHADER_INVALID') return error;
  const details = error.details as ErrorDetails['SHADER_INVALID'];
  const own = details.line <= lines ? place(details) : { line: lines, column: 1 };
  return new ReckonError('SHADER_INVALID', { ...details, ...own }, { cause: error });
}

/** Makes and fills a unit's buffers; all that is made goes into `made`. */
function bind(device: GPUDevice, pipeline: GPUComputePipeline, { buffers }: ShaderJob, made: GPUBuffer[]) {
  const make = (size: number, usage: number, data?: Uint8Array): GPUBuffer => {
    const buffer = device.createBuffer({ size, usage });
    made.push(buffer);
    if (data) device.queue.writeBuffer(buffer, 0, data as Uint8Array<ArrayBuffer>);
    return buffer;
  };
  const usages = {
    uniform: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    read: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    write: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  };
  const bound = buffers.map(({ binding, kind, bytes, data }) => ({
    binding,
    kind,
    buffer: make(bytes, usages[kind], data),
  }));
  const span = make(SPAN_BYTES, usages.uniform);
  const cut = make(4, usages.write);
  const group = (index: number, entries: readonly { binding: number; buffer: GPUBuffer }[]) =>
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(index),
      entries: entries.map(({ binding, buffer }) => ({ binding, resource: { buffer } })),
    });
  return {
    groups: [
      group(0, bound),
      group(1, [
        { binding: 0, buffer: span },
        { binding: 1, buffer: cut },
      ]),
    ],
    span,
    cut,
    written: bound.flatMap(({ kind, buffer }) => (kind === 'write' ? [buffer] : [])),
  };
}
