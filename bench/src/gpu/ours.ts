import { createJob, type GemmInput, type GemmJob, type PreparedPlan } from '@reckon/kernels/gemm/gpu/job';
import { padRows, unpadRows } from '@reckon/kernels/gemm/gpu/pack';
import { type GemmPlan, planName } from '@reckon/kernels/gemm/gpu/plan';
import { deviceFacts, usablePlans } from '@reckon/kernels/gemm/gpu/planner';
import { layoutOf, type Precision } from '@reckon/kernels/gemm/gpu/shape';
import { tunePlans } from '@reckon/kernels/gemm/gpu/tune';
import type { Score } from '@reckon/kernels/gemm/gpu/tuner';
import { elementBound } from '@reckon/kernels/gemm/gpu/bound';
import type { GpuLease } from '@reckon/kernels/gpu/device';
import { createReadback } from '@reckon/kernels/gpu/readback';
import type { Contender, Matrices } from './contender.ts';

/** Our product of a precision, by the plan that measures best, as after the tunings of a node that computes a while. */
export const openOurs =
  (lease: GpuLease, precision: Precision) =>
  (matrices: Matrices): Promise<Contender> =>
    open(lease, precision, matrices);

/** Products of one submission: as many as tfjs has. */
const BATCH = 15;
const signal = new AbortController().signal;

async function open(lease: GpuLease, precision: Precision, matrices: Matrices): Promise<Contender> {
  const { shape } = matrices;
  const [first, second] = matrices.lefts.map((left) => inputOf(precision, matrices, left)) as [GemmInput, GemmInput];
  const jobs = [await createJob(lease, first), await createJob(lease, second)] as const;
  const plan = await bestPlan(lease, jobs[0], first);
  const prepared = await Promise.all(jobs.map((job) => job.prepare(plan)));
  return {
    name: `reckon ${precision}`,
    choice: planName(plan),
    async run(products) {
      for (const { moveTo } of prepared) moveTo(0);
      for (let done = 0; done < products; done += BATCH) {
        const encoder = lease.device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        for (let i = done; i < Math.min(products, done + BATCH); i++) {
          const { encode, total } = prepared[i % 2] as PreparedPlan;
          encode(pass, total);
        }
        pass.end();
        lease.device.queue.submit([encoder.finish()]);
      }
      await lease.device.queue.onSubmittedWorkDone();
    },
    async product() {
      whole(prepared[0] as PreparedPlan);
      const readback = createReadback(lease.device);
      const bytes = await readback.read(jobs[0].out, 0, first.layout.outBytes);
      readback.destroy();
      const { buffer } = unpadRows(bytes, shape.m, 4 * shape.n);
      return precision === 'i8' ? new Int32Array(buffer) : new Float32Array(buffer);
    },
    destroy() {
      for (const job of jobs) job.destroy();
    },
  };
}

const whole = ({ submit, total }: PreparedPlan): void => submit(0, total);

/** Tunes until every likely plan has a score; each tuning is the product's, 300 ms. */
async function bestPlan(lease: GpuLease, job: GemmJob, input: GemmInput): Promise<GemmPlan> {
  const usable = usablePlans(job.layout, deviceFacts(lease));
  const [likeliest] = usable as [GemmPlan];
  const { m, k, n } = job.layout;
  const prepared = await job.prepare(likeliest);
  whole(prepared);
  await lease.device.queue.onSubmittedWorkDone();
  const began = performance.now();
  whole(prepared);
  await lease.device.queue.onSubmittedWorkDone();
  const msPerMultiplication = (performance.now() - began) / (m * k * n);
  // A node's tunings wait for no compiler and come back to what was not ready; here all is.
  await Promise.allSettled(usable.map(job.prepare));
  const scores = new Map<string, Score>();
  for (let tuning = 0; tuning < 8; tuning++) {
    const missing = usable.filter((plan) => !scores.has(planName(plan)));
    if (missing.length === 0) break;
    for (const [name, score] of await tunePlans(job, input, missing, msPerMultiplication, signal))
      scores.set(name, score);
  }
  const ms = (plan: GemmPlan): number => {
    const score = scores.get(planName(plan));
    return score && 'ms' in score ? score.ms : Infinity;
  };
  return usable.toSorted((a, b) => ms(a) - ms(b))[0] ?? likeliest;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function inputOf(precision: Precision, { shape, right }: Matrices, left: Float32Array<ArrayBuffer>): GemmInput {
  const { m, k, n } = shape;
  const layout = layoutOf(precision, shape);
  const isRight = (row: number, column: number, value: number): boolean => {
    const a = (p: number) => left[row * k + p] as number;
    const { exact, bound } = elementBound(k, a, (p) => right[p * n + column] as number);
    return Math.abs(value - exact) <= bound;
  };
  if (precision === 'i8') {
    const [a, b] = [Int8Array.from(left), Int8Array.from(right)];
    return {
      ...{ layout, isRight },
      left: () => padRows(bytesOf(a), m, k, m, 16 * layout.k4),
      right: () => padRows(bytesOf(b), k, n, k, 4 * layout.n4),
    };
  }
  const [a, b] = precision === 'f16' ? [Float16Array.from(left), Float16Array.from(right)] : [left, right];
  const size = a.BYTES_PER_ELEMENT;
  return {
    ...{ layout, isRight },
    left: () => padRows(bytesOf(a), m, size * k, m, 4 * size * layout.k4),
    right: () => padRows(bytesOf(b), k, size * n, 4 * layout.k4, 4 * size * layout.n4),
  };
}
