import { ReckonError } from '@reckon/protocol/base/errors';

/** What a compute pipeline is made of; equal ones share a pipeline. */
export interface ComputeShader {
  /** What to call it in errors. */
  name: string;
  /** WGSL. */
  code: string;
  entryPoint: string;
  /** Values of the shader's `override`s. */
  constants?: Readonly<Record<string, number>>;
  /** What each bind group holds, in order; what the shader's use of them implies unless told. */
  groups?: readonly (readonly GPUBindGroupLayoutEntry[])[];
}

/** Pipelines kept for each device; the one unused for longest goes first, since requesters' shaders never repeat. */
const KEPT = 128;
const pipelines = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

/**
 * The pipeline of a shader, compiled beside the thread and once for each device.
 * @throws {ReckonError} SHADER_INVALID with line and column where it does not compile (0 where the fault has no place, as
 * a missing entry point); DEVICE_UNSUPPORTED when the driver fails on a valid shader.
 */
export function computePipeline(device: GPUDevice, shader: ComputeShader): Promise<GPUComputePipeline> {
  const known = pipelines.get(device) ?? new Map<string, Promise<GPUComputePipeline>>();
  pipelines.set(device, known);
  const key = keyOf(shader);
  const pipeline = known.get(key) ?? compile(device, shader);
  known.delete(key);
  known.set(key, pipeline);
  if (known.size > KEPT) known.delete(known.keys().next().value as string);
  // A failure is told to whoever waits, and not kept: the next attempt may meet another driver state.
  pipeline.catch(() => known.get(key) === pipeline && known.delete(key));
  return pipeline;
}

const keyOf = ({ code, entryPoint, constants = {}, groups }: ComputeShader): string =>
  JSON.stringify([entryPoint, Object.entries(constants).toSorted(([a], [b]) => (a < b ? -1 : 1)), groups, code]);

const layoutOf = (device: GPUDevice, groups: NonNullable<ComputeShader['groups']>): GPUPipelineLayout =>
  device.createPipelineLayout({
    bindGroupLayouts: groups.map((entries) => device.createBindGroupLayout({ entries: [...entries] })),
  });

async function compile(device: GPUDevice, { name, code, entryPoint, constants, groups }: ComputeShader) {
  // Its own scope: an error of a requester's shader is not one of the page.
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: name, code });
  const layout = groups === undefined ? 'auto' : layoutOf(device, groups);
  const refused = device.popErrorScope();
  const made = device.createComputePipelineAsync({
    label: name,
    layout,
    compute: { module, entryPoint, ...(constants && { constants }) },
  });
  const [pipeline, info, scoped] = await Promise.allSettled([made, module.getCompilationInfo(), refused]);
  if (pipeline.status === 'fulfilled') return pipeline.value;
  const fault = info.status === 'fulfilled' && info.value.messages.find(({ type }) => type === 'error');
  if (fault) throw invalid(name, fault.message, fault.lineNum, fault.linePos);
  if (scoped.status === 'fulfilled' && scoped.value) throw invalid(name, scoped.value.message);
  const { reason, message } = pipeline.reason as Partial<GPUPipelineError>;
  // Anything but "internal" speaks of the shader.
  if (reason !== 'internal') throw invalid(name, message ?? String(pipeline.reason));
  throw new ReckonError('DEVICE_UNSUPPORTED', {
    missing: `a GPU driver that compiles "${name}": ${firstLine(message)}`,
  });
}

const invalid = (shader: string, cause: string, line = 0, column = 0) =>
  new ReckonError('SHADER_INVALID', { shader, line, column, cause: firstLine(cause) });

/** Compilers add candidates and excerpts; the first line says what is wrong. */
const firstLine = (text = ''): string =>
  (text.split('\n')[0] ?? '')
    .trim()
    .replace(/[.:]+$/, '')
    .slice(0, 300);
