import { createReadback, type Readback } from '../../gpu/readback.ts';
import { promptly } from '../../gpu/promptly.ts';
import { systemClock } from '../../engine/system-clock.ts';
import { yieldToMessages } from '../../engine/yield.ts';
import type { GemmInput, GemmJob, PreparedPlan } from './job.ts';
import { blockOf, type GemmPlan, planName } from './plan.ts';
import { originOf } from './planner.ts';
import type { Scores } from './tune-cache.ts';
import { type Contestant, holdContest } from './tuner.ts';

/** All of a tuning: as much as has been computed before it begins (choose.ts). */
export const TUNING_MS = 300;
/** One sample, at the speed of the plan used so far. */
const SAMPLE_MS = 4;
/** A sample that would last longer is cut. */
const LONGEST_SAMPLE_MS = 60;

/** Measures plans on the job's own matrices; what they write is right, or they are disqualified. Scores are in ms per 10⁹
 * useful multiplications. `msPerMultiplication` is about what the plan used so far takes. @throws the signal's reason */
export async function tunePlans(
  job: GemmJob,
  input: GemmInput,
  plans: readonly GemmPlan[],
  msPerMultiplication: number,
  signal: AbortSignal,
): Promise<Scores> {
  const readback = createReadback(job.lease.device, { largest: 16 });
  const ends = AbortSignal.any([signal, job.lease.lost]);
  try {
    const scores = await holdContest({
      candidates: plans,
      nameOf: planName,
      prepare: async (plan) => contestantOf(job, input, await job.prepare(plan), readback, msPerMultiplication),
      budgetMs: TUNING_MS,
      signal: ends,
      now: () => performance.now(),
      sleep: (ms) => systemClock.sleep(ms, ends),
    });
    // A lost device fails before its loss is announced, a turn later, and says nothing about the plans.
    await yieldToMessages();
    ends.throwIfAborted();
    return scores;
  } finally {
    readback.destroy();
  }
}

function contestantOf(
  job: GemmJob,
  input: GemmInput,
  prepared: PreparedPlan,
  readback: Readback,
  msPerMultiplication: number,
): Contestant {
  const { device } = job.lease;
  const { m, k, n } = job.layout;
  const block = blockOf(prepared.plan);
  const most = Math.min(prepared.total, device.limits.maxComputeWorkgroupsPerDimension);
  const perBlock = block.rows * block.vectors * 4 * k;
  const within = (count: number) => Math.max(1, Math.min(most, Math.round(count)));
  let count = within(SAMPLE_MS / (msPerMultiplication * perBlock));

  async function run(blocks: number): Promise<number> {
    const began = performance.now();
    prepared.submit(0, blocks);
    await promptly(device, device.queue.onSubmittedWorkDone());
    return performance.now() - began;
  }

  return {
    async warmUp() {
      const encoder = device.createCommandEncoder();
      encoder.clearBuffer(job.out);
      device.queue.submit([encoder.finish()]);
      // Some drivers compile at the first run.
      await run(1);
      const few = within(count / 4);
      const elapsed = await run(few);
      count = within(Math.min(count, few * (LONGEST_SAMPLE_MS / elapsed)));
      return wrongCorner(job, input, prepared.plan, few, readback);
    },
    async sample() {
      // Blocks at the edges compute padding too: what counts is the whole product's time.
      return ((await run(count)) / count) * (prepared.total / (m * k * n)) * 1e9;
    },
  };
}

/** Looks at two corners of the first and of the last block computed. */
async function wrongCorner(
  { layout, out }: GemmJob,
  { isRight }: GemmInput,
  plan: GemmPlan,
  blocks: number,
  readback: Readback,
): Promise<string | undefined> {
  const { m, n, n4, precision } = layout;
  const block = blockOf(plan);
  for (const index of new Set([0, blocks - 1])) {
    const { row, vector } = originOf(plan, layout, index);
    const last = [Math.min(row + block.rows, m) - 1, Math.min(4 * (vector + block.vectors), n) - 1] as const;
    for (const [i, j] of [[row, 4 * vector] as const, last]) {
      const { buffer } = await readback.read(out, (i * n4 + (j >> 2)) * 16, 16);
      const value = (precision === 'i8' ? new Int32Array(buffer) : new Float32Array(buffer))[j & 3] as number;
      if (!isRight(i, j, value)) return `row ${i}, column ${j} is ${value}`;
    }
  }
  return undefined;
}
