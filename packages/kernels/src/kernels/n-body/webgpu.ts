import { ReckonError } from '@reckon/protocol/base/errors';
import type { GpuLease } from '../../gpu/device.ts';
import { dispatchRanges } from '../../gpu/dispatch.ts';
import { checkLimits, storageNeeds, workgroupNeeds } from '../../gpu/limits.ts';
import { computePipeline } from '../../gpu/pipelines.ts';
import { createReadback } from '../../gpu/readback.ts';
import type { RunContext } from '../../kernel.ts';
import { COLUMNS } from './field.ts';
import type { Unit } from './params.ts';
import { fieldReference } from './reference.ts';
import { nBodyShader, SEGMENT, TILE } from './shader.ts';
import { fieldsAgree } from './tolerance.ts';

const BODY_BYTES = 16;
const ROW_BYTES = COLUMNS * 4;
const MOST_ITEMS = 65_535;
/** Targets computed again in f64. */
const SAMPLES = 8;

/**
 * The unit's field by the GPU: ax, ay, az, potential, pull for each target, in f64 of f32 sums.
 * @throws {ReckonError} DEVICE_UNSUPPORTED when the device is too small or errs.
 */
export async function fieldOnGpu(
  lease: GpuLease,
  unit: Unit,
  bodies: Float32Array,
  { signal, progress }: Pick<RunContext, 'signal' | 'progress'>,
): Promise<Float64Array> {
  const { device } = lease;
  const filled = new Float32Array(Math.ceil(unit.bodies / TILE) * TILE * 4);
  filled.set(bodies);
  const groups = Math.ceil(unit.targets / TILE);
  const segments = Math.ceil(unit.bodies / SEGMENT);
  const size = segments * groups * TILE * ROW_BYTES;
  checkLimits(device.limits, [
    ...storageNeeds('bodies', filled.byteLength),
    ...storageNeeds('field', size),
    ...workgroupNeeds('n-body', [TILE], TILE * BODY_BYTES),
  ]);
  const shader = { name: 'n-body', code: nBodyShader, entryPoint: 'main' };
  const pipeline = await computePipeline(device, shader);
  const { UNIFORM, STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const uniform = device.createBuffer({ size: 32, usage: UNIFORM | COPY_DST });
  const sources = device.createBuffer({ size: filled.byteLength, usage: STORAGE | COPY_DST });
  const out = device.createBuffer({ size, usage: STORAGE | COPY_SRC });
  const readback = createReadback(device, { largest: size });
  try {
    device.queue.writeBuffer(sources, 0, filled);
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [uniform, sources, out].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    await dispatchRanges(lease, {
      items: groups * segments,
      firstItems: 1,
      maxItems: MOST_ITEMS,
      signal,
      submit(first, count) {
        device.queue.writeBuffer(uniform, 0, uniformOf(unit, groups, filled.length / 4, first));
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(count);
        pass.end();
        device.queue.submit([encoder.finish()]);
      },
      onDone: (items) => progress(items / (groups * segments)),
    });
    const bytes = await readback.read(out, 0, size);
    const field = addUp(unit, groups * TILE * COLUMNS, new Float32Array(bytes.buffer));
    checkSample(unit, bodies, field);
    return field;
  } finally {
    for (const used of [uniform, sources, out, readback]) used.destroy();
  }
}

/** The shader's `Unit`. */
function uniformOf({ first, softening }: Unit, groups: number, bodies: number, item: number): Uint32Array<ArrayBuffer> {
  const words = Uint32Array.of(item, groups, bodies, first, 0, 0, 0, 0);
  new Float32Array(words.buffer)[4] = softening * softening;
  return words;
}

/** The segments' shares, `stride` numbers each, added up in f64. */
function addUp({ targets }: Unit, stride: number, shares: Float32Array): Float64Array {
  const field = new Float64Array(targets * COLUMNS);
  for (let from = 0; from < shares.length; from += stride) {
    for (let at = 0; at < field.length; at++) field[at] = (field[at] as number) + (shares[from + at] as number);
  }
  return field;
}

/** Computes a few targets again: some drivers have answered a job that took too long with zeros and no error. */
function checkSample({ first, targets, softening }: Unit, bodies: Float32Array, field: Float64Array): void {
  for (let sample = 0; sample < SAMPLES; sample++) {
    const t = Math.floor((sample * (targets - 1)) / (SAMPLES - 1));
    const right = fieldReference(bodies, first + t, 1, softening);
    // Two equal rows, since the last one counts as sums.
    const got = field.subarray(t * COLUMNS, (t + 1) * COLUMNS);
    if (!fieldsAgree([...right, ...right], [...got, ...got]))
      throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'a GPU that adds up gravity within its bound' });
  }
}
