import { ReckonError } from '@reckon/protocol/base/errors';
import type { GpuLease } from '../../gpu/device.ts';
import type { RunContext } from '../../kernel.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { matmulShader, WORKGROUP } from './shader.ts';

const pipelines = new WeakMap<GPUDevice, Promise<GPUComputePipeline>>();

function pipelineFor(device: GPUDevice): Promise<GPUComputePipeline> {
  const known = pipelines.get(device);
  if (known !== undefined) return known;
  const module = device.createShaderModule({ code: matmulShader });
  const made = device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  pipelines.set(device, made);
  return made;
}

/** First submission's multiplications; the next ones follow from its measured time. */
const FIRST_BAND = 16_000_000;
/** A submission should take about this long, so that the rest of the machine stays smooth. */
const TARGET_MS = 12;

/** C = A · B on the GPU. @throws {ReckonError} DEVICE_UNSUPPORTED when the device lacks what it needs or errs. */
export async function multiplyOnGpu(lease: GpuLease, a: Tensor, b: Tensor, context: RunContext): Promise<Int32Array> {
  const { device } = lease;
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const left = packRows(a, m, k);
  const right = packRows(transpose(b), n, k);
  checkLimits(device, n, [left.byteLength, right.byteLength, m * n * 4]);
  const pipeline = await pipelineFor(device);
  const buffers: GPUBuffer[] = [];
  const buffer = (size: number, usage: number, data?: Uint32Array<ArrayBuffer>): GPUBuffer => {
    const made = device.createBuffer({ size, usage });
    buffers.push(made);
    if (data) device.queue.writeBuffer(made, 0, data);
    return made;
  };
  try {
    const words = Math.ceil(k / 4);
    const shape = buffer(16, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    const input = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const out = buffer(m * n * 4, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC);
    const entries = [shape, buffer(left.byteLength, input, left), buffer(right.byteLength, input, right), out];
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: entries.map((resource, binding) => ({ binding, resource: { buffer: resource } })),
    });
    let band = Math.max(WORKGROUP, Math.floor(FIRST_BAND / (n * k)));
    for (let first = 0; first < m; ) {
      context.signal.throwIfAborted();
      const rows = Math.min(band, m - first);
      const began = performance.now();
      device.queue.writeBuffer(shape, 0, Uint32Array.of(first + rows, n, words, first));
      dispatch(device, pipeline, group, Math.ceil(n / WORKGROUP), Math.ceil(rows / WORKGROUP));
      await device.queue.onSubmittedWorkDone();
      const elapsed = performance.now() - began;
      first += rows;
      context.progress(first / m);
      const growth = Math.min(4, Math.max(0.25, TARGET_MS / Math.max(1, elapsed)));
      band = Math.max(WORKGROUP, Math.floor(band * growth));
    }
    const c = await read(device, out, m * n * 4, buffer);
    checkSample(a, b, c);
    return c;
  } finally {
    for (const used of buffers) used.destroy();
  }
}

function dispatch(device: GPUDevice, pipeline: GPUComputePipeline, group: GPUBindGroup, x: number, y: number): void {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(x, y);
  pass.end();
  device.queue.submit([encoder.finish()]);
}

async function read(
  device: GPUDevice,
  from: GPUBuffer,
  size: number,
  buffer: (size: number, usage: number) => GPUBuffer,
): Promise<Int32Array> {
  const staging = buffer(size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(from, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  return new Int32Array(staging.getMappedRange().slice(0));
}

function checkLimits(device: GPUDevice, columns: number, sizes: number[]): void {
  const lack = (missing: string) => new ReckonError('DEVICE_UNSUPPORTED', { missing });
  if (!navigator.gpu.wgslLanguageFeatures.has('packed_4x8_integer_dot_product'))
    throw lack('packed int8 dot products in WebGPU');
  const { maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } = device.limits;
  const largest = Math.max(...sizes);
  if (largest > maxStorageBufferBindingSize) throw lack(`GPU buffers of ${largest} bytes`);
  if (columns / WORKGROUP > maxComputeWorkgroupsPerDimension) throw lack(`GPU dispatches over ${columns} columns`);
}

/** Rows of int8, each padded with zeros to whole u32 words. */
function packRows({ data }: Tensor, rows: number, columns: number): Uint32Array<ArrayBuffer> {
  const bytes = Math.ceil(columns / 4) * 4;
  const packed = new Uint8Array(rows * bytes);
  for (let i = 0; i < rows; i++) packed.set(data.subarray(i * columns, (i + 1) * columns), i * bytes);
  return new Uint32Array(packed.buffer);
}

function transpose({ dtype, shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const out = new Uint8Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j] as number;
  }
  return { dtype, shape: [columns, rows], data: out };
}

/** Recomputes a few entries: some drivers have answered a job that took too long with zeros and no error. */
function checkSample(a: Tensor, b: Tensor, c: Int32Array): void {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1] as number;
  const signed = (data: Uint8Array, at: number) => ((data[at] as number) << 24) >> 24;
  for (let sample = 0; sample < 16; sample++) {
    const at = Math.floor((sample * (m * n - 1)) / 15);
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let p = 0; p < k; p++) sum += signed(a.data, i * k + p) * signed(b.data, p * n + j);
    if (sum !== c[at]) throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'a GPU that multiplies correctly' });
  }
}
