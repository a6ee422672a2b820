/** What is known of a candidate: milliseconds per unit of work (the median of its samples), or why it cannot be used. */
export type Score = { ms: number } | { failed: string };

/** One candidate, made ready. */
export interface Contestant {
  /** Runs it once unmeasured; the reason when it errs or its result is wrong. */
  warmUp(): Promise<string | undefined>;
  /** Milliseconds per unit of work. */
  sample(): Promise<number>;
}

export interface Contest<C> {
  candidates: readonly C[];
  nameOf(candidate: C): string;
  /** Compiles, beside the thread; one after the other. */
  prepare(candidate: C): Promise<Contestant>;
  /** Time that may be spent; whoever is not ready or not reached by then has no score, and may have one another time. */
  budgetMs: number;
  signal: AbortSignal;
  now(): number;
  /** Waits so long, or rejects with the signal's reason. */
  sleep(ms: number): Promise<void>;
}

const ROUNDS = 7;
/** A candidate is let go when its best sample is this much worse than the best of all. */
const HOPELESS = 1.3;

/**
 * Scores of candidates, after cubecl's tuner: each is warmed up, then all are sampled in turns, in an order that turns too,
 * so that a machine that is busy for a while is so for all; the hopeless leave early. One that fails, or gives a wrong
 * result, is disqualified. The signal is looked at between any two samples.
 * @throws the signal's reason when aborted; nothing else.
 */
export async function holdContest<C>(contest: Contest<C>): Promise<Map<string, Score>> {
  const { candidates, nameOf, prepare, budgetMs, signal, now, sleep } = contest;
  const until = now() + budgetMs;
  const scores = new Map<string, Score>();
  const late = () => {
    signal.throwIfAborted();
    return now() >= until;
  };

  const ready: { name: string; contestant: Contestant }[] = [];
  // Half the time for compiling: the other is for those that are ready. No more than one is under way at a time, so no more
  // than one, which nothing can stop, is left to end beside the work that comes next.
  const compiled = until - budgetMs / 2;
  for (const candidate of candidates) {
    signal.throwIfAborted();
    const left = compiled - now();
    if (left <= 0) break;
    const name = nameOf(candidate);
    const made = prepare(candidate).then(
      (contestant) => void ready.push({ name, contestant }),
      (error: unknown) => void scores.set(name, { failed: reason(error) }),
    );
    await Promise.race([made, sleep(left)]);
  }

  let running: { name: string; contestant: Contestant; samples: number[] }[] = [];
  for (const { name, contestant } of ready.splice(0)) {
    if (late()) break;
    const failed = await contestant.warmUp().catch(reason);
    if (failed === undefined) running.push({ name, contestant, samples: [] });
    else scores.set(name, { failed });
  }

  for (let round = 0; round < ROUNDS && !late(); round++) {
    const turn = running.length === 0 ? 0 : round % running.length;
    for (const one of [...running.slice(turn), ...running.slice(0, turn)]) {
      if (late()) break;
      try {
        one.samples.push(await one.contestant.sample());
      } catch (error) {
        scores.set(one.name, { failed: reason(error) });
        running = running.filter((other) => other !== one);
      }
    }
    for (const { name, samples } of running) if (samples.length > 0) scores.set(name, { ms: median(samples) });
    const best = Math.min(...running.flatMap(({ samples }) => samples));
    if (round > 0) running = running.filter(({ samples }) => Math.min(...samples) <= best * HOPELESS);
    if (running.length < 2 && round >= 2) break;
  }
  signal.throwIfAborted();
  return scores;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 200);

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
