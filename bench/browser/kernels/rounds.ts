import type { Effort, Rounds } from '../../src/kernels/page-api.ts';
import type { Candidate } from './candidate.ts';

/** Runs shorter than this are repeated, so that the clock's 5 µs do not count. */
const LEAST_MS = 1;

/** Of three short runs in a row the middle one counts: one in which another process had the core does not. */
const SHORT_MS = 40;

/** Warms every candidate by time, then times each once a round, in an order that is turned from round to round. */
export async function inTurns(candidates: readonly Candidate[], { rounds, warmMs }: Effort): Promise<Rounds> {
  const repeats = new Map<Candidate, number>();
  for (const candidate of candidates) {
    const began = performance.now();
    let last = 0;
    for (let now = began; now - began < warmMs; ) {
      await candidate.run();
      const after = performance.now();
      last = after - now;
      now = after;
    }
    repeats.set(candidate, Math.max(1, Math.ceil(LEAST_MS / Math.max(last, 0.001))));
  }
  const ms: Record<string, number[]> = Object.fromEntries(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[(i + round) % candidates.length] as Candidate;
      const times = repeats.get(candidate) ?? 1;
      const tries: number[] = [];
      do {
        const began = performance.now();
        for (let repeat = 0; repeat < times; repeat++) await candidate.run();
        tries.push((performance.now() - began) / times);
      } while (tries.length < 3 && (tries[0] as number) * times < SHORT_MS);
      tries.sort((a, b) => a - b);
      ms[candidate.name]?.push(tries[tries.length >> 1] as number);
    }
    // The tab stays alive, and garbage is collected between rounds rather than inside them.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { ms, work: Object.fromEntries(candidates.map(({ name, work }) => [name, work])) };
}
