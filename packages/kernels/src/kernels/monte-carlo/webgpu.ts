import { ReckonError } from '@reckon/protocol/base/errors';
import type { GpuLease } from '../../gpu/device.ts';
import { dispatchRanges } from '../../gpu/dispatch.ts';
import { withErrorScopes } from '../../gpu/error-scopes.ts';
import { computePipeline } from '../../gpu/pipelines.ts';
import { createReadback } from '../../gpu/readback.ts';
import type { RunContext } from '../../kernel.ts';
import { blockCount } from './chunks.ts';
import { drawsOf, type Unit } from './params.ts';
import type { BlockRecord } from './record.ts';
import { blockSpan } from './reference.ts';
import { monteCarloShader, OUT_WORDS, SLOTS, WORKGROUP } from './shader.ts';
import { normalTable, powerTable } from './tables.ts';
import { sumOnWasm } from './wasm.ts';
import { counterOf, keyOf } from './words.ts';

/** First submission's random words; the next ones follow from its measured time. */
const FIRST_BAND = 2 ** 20;
const BLOCK_BYTES = SLOTS * OUT_WORDS * 4;
const UNIFORM_BYTES = 80;

/**
 * The unit's records by the GPU; each submission is read back while the next one computes.
 * @throws {ReckonError} DEVICE_UNSUPPORTED or DEVICE_MEMORY when the device errs.
 */
export async function sumOnGpu(lease: GpuLease, unit: Unit, context: RunContext): Promise<BlockRecord[]> {
  const { device } = lease;
  const blocks = blockCount(unit);
  const shader = { name: 'monte-carlo', code: monteCarloShader, entryPoint: 'main' };
  const pipeline = await computePipeline(device, shader);
  const { UNIFORM, STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const tables = [normalTable, powerTable];
  const [uniform, normals, powers, out] = (await withErrorScopes(device, 'the sums of paths', () => [
    device.createBuffer({ size: UNIFORM_BYTES, usage: UNIFORM | COPY_DST }),
    ...tables.map(({ byteLength }) => device.createBuffer({ size: byteLength, usage: STORAGE | COPY_DST })),
    device.createBuffer({ size: blocks * BLOCK_BYTES, usage: STORAGE | COPY_SRC }),
  ])) as [GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer];
  const readback = createReadback(device, { largest: blocks * BLOCK_BYTES });
  try {
    for (const [i, buffer] of [normals, powers].entries())
      device.queue.writeBuffer(buffer, 0, tables[i] as BufferSource);
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [uniform, normals, powers, out].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const bands: { first: number; count: number; bytes: Promise<Uint8Array<ArrayBuffer>> }[] = [];
    await dispatchRanges(lease, {
      items: blocks,
      firstItems: FIRST_BAND / (unit.pathsPerBlock * drawsOf(unit)),
      maxItems: device.limits.maxComputeWorkgroupsPerDimension,
      signal: context.signal,
      async submit(first, count) {
        device.queue.writeBuffer(uniform, 0, uniformOf(unit, first));
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(SLOTS / WORKGROUP, count);
        pass.end();
        device.queue.submit([encoder.finish()]);
        bands.push({ first, count, ...(await readback.start(out, 0, count * BLOCK_BYTES)) });
      },
      onDone: (done) => context.progress(done / blocks),
    });
    const records: BlockRecord[] = [];
    for (const { first, count, bytes } of bands) {
      const words = new Uint32Array((await bytes).buffer);
      await checkThread(unit, first, words);
      for (let i = 0; i < count; i++) records.push(recordOf(unit, first + i, words.subarray((i * BLOCK_BYTES) / 4)));
    }
    return records;
  } finally {
    readback.destroy();
    for (const buffer of [uniform, normals, powers, out]) buffer.destroy();
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
