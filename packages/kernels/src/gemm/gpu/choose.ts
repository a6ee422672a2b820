import { ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { yieldToMessages } from '../../engine/yield.ts';
import type { GemmInput, GemmJob, PreparedPlan } from './job.ts';
import { type GemmPlan, planName } from './plan.ts';
import { deviceFacts, expectedCost } from './planner.ts';
import { openTuneCache, type Scores, type TuneCache } from './tune-cache.ts';
import { tuneKey } from './tune-key.ts';
import { TUNING_MS, type tunePlans } from './tune.ts';

export interface ChosenPlan {
  prepared: PreparedPlan;
  /** The whole product took `ms`. */
  spent(ms: number): void;
  /** Its result was wrong: not to be used again. */
  disqualify(reason: string): void;
}

/** The plan for a product out of usable ones, likeliest first. */
export type ChoosePlan = (
  job: GemmJob,
  input: GemmInput,
  usable: readonly GemmPlan[],
  signal: AbortSignal,
) => Promise<ChosenPlan>;

/** Plans expected to cost so many times the likeliest's are not measured. */
const UNLIKELY = 4;

interface Tally {
  ms: number;
  multiplications: number;
  dueMs: number;
  /** Plans at which a tuning's time ran out, and how often: as a rule those being compiled then. */
  late: Map<string, number>;
}
/** A plan that has been compiled in vain so often waits behind the others. */
const TOO_LATE = 2;

/**
 * Chooses the best measured plan, or the likeliest. Tuning begins when as much time has been computed as it may take, so it
 * pays or at worst doubles what came before; whoever computes little never tunes. What a tuning had no time for is measured
 * at the next, which comes after twice the time, so that a plan that never compiles costs little.
 * @throws {ReckonError} DEVICE_UNSUPPORTED when every plan was found wrong or does not compile; the signal's reason
 */
export function createChooser(tune: typeof tunePlans, cache: TuneCache = openTuneCache()): ChoosePlan {
  /** What products of a kind have taken since the last tuning of their kind, and what they take until the next. */
  const tallies = new Map<string, Tally>();

  return async (job, input, usable, signal) => {
    const { layout, lease } = job;
    const key = tuneKey(lease, layout);
    const scores = new Map(await cache.read(key));
    const tally = tallies.get(key) ?? { ms: 0, multiplications: 0, dueMs: TUNING_MS, late: new Map() };
    tallies.set(key, tally);

    const due = tally.ms >= tally.dueMs ? unmeasured(job, usable, scores, tally) : [];
    if (due.length > 0) {
      const measured = await tune(job, input, due, tally.ms / tally.multiplications, signal);
      for (const [name, score] of measured) scores.set(name, score);
      const late = due.map(planName).find((name) => !measured.has(name));
      if (late !== undefined) tally.late.set(late, (tally.late.get(late) ?? 0) + 1);
      await cache.write(key, scores);
      Object.assign(tally, { ms: 0, multiplications: 0, dueMs: 2 * tally.dueMs });
    }

    const fail = (plan: GemmPlan, failed: string) => {
      scores.set(planName(plan), { failed: failed.slice(0, 200) });
      void cache.write(key, scores);
    };
    for (const plan of inOrder(usable, scores)) {
      try {
        const prepared = await job.prepare(plan);
        return {
          prepared,
          spent(ms) {
            tally.ms += ms;
            tally.multiplications += layout.m * layout.k * layout.n;
          },
          disqualify: (reason) => fail(plan, reason),
        };
      } catch (error) {
        // A lost device fails before its loss is announced, a turn later, and says nothing about the plan.
        await yieldToMessages();
        lease.lost.throwIfAborted();
        fail(plan, toReckonError(error).message);
      }
    }
    throw new ReckonError('DEVICE_UNSUPPORTED', { missing: 'a GPU that computes products correctly by any plan' });
  };
}

/** Likely plans that have no score, and the best that has one, to compare them with. */
function unmeasured(
  { layout, lease }: GemmJob,
  usable: readonly GemmPlan[],
  scores: Scores,
  { late }: Tally,
): GemmPlan[] {
  const device = deviceFacts(lease);
  const most = UNLIKELY * Math.min(...usable.map((plan) => expectedCost(plan, layout, device)));
  const likely = usable.filter((plan) => expectedCost(plan, layout, device) <= most);
  const stuck = (plan: GemmPlan) => (late.get(planName(plan)) ?? 0) >= TOO_LATE;
  const fresh = likely
    .filter((plan) => !scores.has(planName(plan)))
    .toSorted((a, b) => Number(stuck(a)) - Number(stuck(b)));
  const [best] = inOrder(usable, scores).filter((plan) => scores.has(planName(plan)));
  return fresh.length > 0 && best ? [best, ...fresh] : fresh;
}

/** The measured first, best first, then the others as they came; without those that failed. */
function inOrder(usable: readonly GemmPlan[], scores: Scores): GemmPlan[] {
  const cost = (plan: GemmPlan): number => {
    const score = scores.get(planName(plan));
    return score === undefined ? Number.MAX_VALUE : 'ms' in score ? score.ms : Infinity;
  };
  return usable.filter((plan) => cost(plan) < Infinity).toSorted((a, b) => cost(a) - cost(b));
}
