import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { CHURNS } from './churns.ts';
import { brokenInvariants } from './invariants.ts';
import { SCHEMES } from './schemes.ts';
import { STRATEGIES } from './strategies.ts';
import type { Scheme, WorldOptions } from './world-options.ts';
import { createWorld } from './world.ts';

/** Whether a referee or a certificate decides, and not a count of votes: then no honest node can lose. */
export const isRefereed = (scheme: Scheme): boolean => scheme.chunks > 0 || scheme.policy.kind === 'certificate';

/** A small world of a random mix. */
export function randomWorld(seed: number): WorldOptions {
  const random = createSeededRandom(seed);
  return {
    seed,
    volunteers: 16 + random.below(30),
    units: 40 + random.below(120),
    scheme: random.pick(SCHEMES),
    churn: random.pick(CHURNS),
    saboteurs: random.pick([0, 0.05, 0.2, 0.4]),
    strategy: random.pick(STRATEGIES),
    sealEveryMs: 20_000,
    ...(random.fraction() < 0.5 ? { wallets: true as const } : {}),
  };
}

/** Runs `count` random worlds; a broken one is told with its seed. */
export function runSeeds(count: number, tell: (line: string) => void): { run: number; broken: number } {
  let broken = 0;
  for (let seed = 1; seed <= count; seed++) {
    const options = randomWorld(seed);
    const world = createWorld(options);
    const measures = world.run();
    const found = brokenInvariants(world.driver.state, measures, isRefereed(options.scheme));
    if (found.length === 0) continue;
    broken += 1;
    const { scheme, strategy, churn, saboteurs } = options;
    tell(`seed ${seed} (${scheme.name}, ${saboteurs} ${strategy.name}, ${churn.name}): ${found.join('; ')}`);
  }
  return { run: count, broken };
}
