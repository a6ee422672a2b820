import { ReckonError } from '@reckon/protocol/base/errors';
import type { GpuLease } from '../../gpu/device.ts';
import { dispatchRanges } from '../../gpu/dispatch.ts';
import { createReadback } from '../../gpu/readback.ts';
import { type ChosenPlan, createChooser } from './choose.ts';
import { createJob, type GemmInput, type GemmJob, type PreparedPlan } from './job.ts';
import { blockOf, type GemmPlan } from './plan.ts';
import { deviceFacts, usablePlans } from './planner.ts';
import { tunePlans } from './tune.ts';

export interface GemmRun {
  signal: AbortSignal;
  progress(fraction: number): void;
  /** Use this plan and measure none. */
  plan?: GemmPlan;
  visible?: boolean;
}

/** First submission's multiplications; the next ones follow from its measured time. */
const FIRST_MULTIPLICATIONS = 16_000_000;

const choose = createChooser(tunePlans);

async function forced(job: GemmJob, plan: GemmPlan): Promise<ChosenPlan> {
  return { prepared: await job.prepare(plan), spent: () => undefined, disqualify: () => undefined };
}

/**
 * C as rows of 4·n4 elements of 4 bytes, i32 or f32.
 * @throws {ReckonError} DEVICE_UNSUPPORTED, DEVICE_MEMORY, SHADER_INVALID or DEVICE_LOST; the signal's reason when aborted.
 */
export async function multiply(lease: GpuLease, input: GemmInput, run: GemmRun): Promise<Uint8Array<ArrayBuffer>> {
  const { layout } = input;
  const usable = usablePlans(layout, deviceFacts(lease), run.plan);
  const job = await createJob(lease, input);
  const readback = createReadback(lease.device, { largest: layout.outBytes });
  try {
    const chosen = run.plan ? await forced(job, run.plan) : await choose(job, input, usable, run.signal);
    const began = performance.now();
    await runBlocks(job, chosen.prepared, run);
    chosen.spent(performance.now() - began);
    const c = await readback.read(job.out, 0, layout.outBytes);
    const wrong = wrongSample(input, c);
    if (wrong !== undefined) {
      chosen.disqualify(wrong);
      throw new ReckonError('DEVICE_UNSUPPORTED', { missing: `a GPU that multiplies correctly (${wrong})` });
    }
    return c;
  } finally {
    readback.destroy();
    job.destroy();
  }
}

function runBlocks({ lease, layout }: GemmJob, { plan, total, submit }: PreparedPlan, run: GemmRun): Promise<void> {
  const { rows, vectors } = blockOf(plan);
  return dispatchRanges(lease, {
    items: total,
    firstItems: FIRST_MULTIPLICATIONS / (rows * vectors * 4 * layout.k),
    maxItems: lease.device.limits.maxComputeWorkgroupsPerDimension,
    signal: run.signal,
    ...(run.visible !== undefined && { visible: run.visible }),
    submit,
    onDone: (done) => run.progress(done / total),
  });
}

/** Elements looked at: the first, the last and some between. */
const SAMPLES = 16;

/** Some drivers have answered a job that took too long with zeros and no error, so a few elements are computed again. */
function wrongSample({ layout, isRight }: GemmInput, c: Uint8Array<ArrayBuffer>): string | undefined {
  const { m, n, n4 } = layout;
  const values = layout.precision === 'i8' ? new Int32Array(c.buffer) : new Float32Array(c.buffer);
  for (let sample = 0; sample < SAMPLES; sample++) {
    const at = Math.floor((sample * (m * n - 1)) / (SAMPLES - 1));
    const [row, column] = [Math.floor(at / n), at % n];
    const value = values[row * n4 * 4 + column] as number;
    if (!isRight(row, column, value)) return `row ${row}, column ${column} is ${value}`;
  }
  return undefined;
}
