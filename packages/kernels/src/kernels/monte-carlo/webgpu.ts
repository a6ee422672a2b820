import { ReckonError } from '@reckon/protocol/base/errors';
import type { GpuLease } from '../../gpu/device.ts';
import type { RunContext } from '../../kernel.ts';
import { blockCount } from './chunks.ts';
import { drawsOf, type Unit } from './params.ts';
import type { BlockRecord } from './record.ts';
import { blockSpan } from './reference.ts';
import { monteCarloShader, OUT_WORDS, SLOTS, WORKGROUP } from './shader.ts';
import { normalTable, powerTable } from './tables.ts';
import { sumOnWasm } from './wasm.ts';
import { counterOf, keyOf } from './words.ts';

const pipelines = new WeakMap<GPUDevice, Promise<GPUComputePipeline>>();

function pipelineFor(device: GPUDevice): Promise<GPUComputePipeline> {
  const known = pipelines.get(device);
  if (known !== undefined) return known;
  const module = device.createShaderModule({ code: monteCarloShader });
  const made = device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  pipelines.set(device, made);
  return made;
}

/** First submission's random words; the next ones follow from its measured time. */
const FIRST_BAND = 2 ** 20;
/** A submission should take about this long, so that the rest of the machine stays smooth. */
const TARGET_MS = 12;
const BLOCK_BYTES = SLOTS * OUT_WORDS * 4;
const UNIFORM_BYTES = 80;

/** The unit's records by the GPU. @throws {ReckonError} DEVICE_UNSUPPORTED when the device errs. */
export async function sumOnGpu(lease: GpuLease, unit: Unit, context: RunContext): Promise<BlockRecord[]> {
  const { device } = lease;
  const pipeline = await pipelineFor(device);
  const blocks = blockCount(unit);
  const buffers: GPUBuffer[] = [];
  const buffer = (size: number, usage: number, data?: Uint32Array<ArrayBuffer>): GPUBuffer => {
    const made = device.createBuffer({ size, usage });
    buffers.push(made);
    if (data) device.queue.writeBuffer(made, 0, data);
    return made;
  };
  try {
    const uniform = buffer(UNIFORM_BYTES, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    const table = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const out = buffer(blocks * BLOCK_BYTES, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC);
    const staging = buffer(blocks * BLOCK_BYTES, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
    const tables = [normalTable, powerTable].map((words) => buffer(words.byteLength, table, words));
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [uniform, ...tables, out].map((resource, binding) => ({ binding, resource: { buffer: resource } })),
    });
    const records: BlockRecord[] = [];
    let band = Math.max(1, Math.floor(FIRST_BAND / (unit.pathsPerBlock * drawsOf(unit))));
    while (records.length < blocks) {
      context.signal.throwIfAborted();
      const count = Math.min(band, blocks - records.length);
      const began = performance.now();
      device.queue.writeBuffer(uniform, 0, uniformOf(unit, records.length));
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(SLOTS / WORKGROUP, count);
      pass.end();
      encoder.copyBufferToBuffer(out, 0, staging, 0, count * BLOCK_BYTES);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ, 0, count * BLOCK_BYTES);
      const words = new Uint32Array(staging.getMappedRange(0, count * BLOCK_BYTES).slice(0));
      staging.unmap();
      const elapsed = performance.now() - began;
      await checkThread(unit, records.length, words);
      for (let i = 0; i < count; i++)
        records.push(recordOf(unit, records.length, words.subarray((i * BLOCK_BYTES) / 4)));
      context.progress(records.length / blocks);
      const growth = Math.min(4, Math.max(0.25, TARGET_MS / Math.max(1, elapsed)));
      band = Math.max(1, Math.floor(band * growth));
    }
    return records;
  } finally {
    for (const used of buffers) used.destroy();
  }
}

const perThread = ({ pathsPerBlock }: Unit): number => Math.ceil(pathsPerBlock / SLOTS);

/** The shader's `Unit`, whose first block is `block`. */
function uniformOf(unit: Unit, block: number): Uint32Array<ArrayBuffer> {
  const [from] = blockSpan(unit, block);
  const draws = drawsOf(unit);
  const word = from * draws;
  const [low, high] = counterOf(unit, word);
  const threefry = unit.generator === 'threefry4x32-20' ? 1 : 0;
  const { option = 'call', strike = 0, drift = 0, spread = 0 } = unit.problem === 'pi' ? {} : unit;
  const paths = unit.first + unit.paths - from;
  return Uint32Array.of(
    ...keyOf(unit),
    ...[low, high, word % 4, unit.stream],
    ...[unit.problem === 'pi' ? 0 : 1, threefry, draws, paths],
    ...[unit.pathsPerBlock, perThread(unit), option === 'put' ? 1 : 0, strike],
    ...[drift, spread, 0, 0],
  );
}

/** One thread's sums. */
function readThread(words: Uint32Array, at: number): { sum: bigint; squares: bigint } {
  const word = (i: number) => BigInt(words[at + i] as number);
  return { sum: word(0) + (word(1) << 32n), squares: word(2) + (word(3) << 32n) + (word(4) << 64n) };
}

function recordOf(unit: Unit, block: number, words: Uint32Array): BlockRecord {
  const [from, to] = blockSpan(unit, block);
  const record = { count: to - from, sum: 0n, squares: 0n };
  for (let slot = 0; slot < SLOTS; slot++) {
    const part = readThread(words, slot * OUT_WORDS);
    record.sum += part.sum;
    record.squares += part.squares;
  }
  return record;
}

/** Follows one thread's paths again: some drivers have answered a job that took too long with zeros and no error. */
async function checkThread(unit: Unit, block: number, words: Uint32Array): Promise<void> {
  const [from, to] = blockSpan(unit, block);
  const right = await sumOnWasm(unit, from, Math.min(to, from + perThread(unit)));
  const got = readThread(words, 0);
  if (got.sum !== right.sum || got.squares !== right.squares)
    throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'a GPU that adds up correctly' });
}
