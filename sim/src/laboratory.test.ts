import { expect, test } from 'vitest';
import { SESSIONS } from './churns.ts';
import { brokenInvariants } from './invariants.ts';
import { executionsPerResult } from './measures.ts';
import { SCHEMES } from './schemes.ts';
import { isRefereed } from './seeds.ts';
import { STRATEGIES } from './strategies.ts';
import { colluding } from './strategies/gang.ts';
import { createWorld, runWorld } from './world.ts';

const tiny = { seed: 3, volunteers: 16, units: 12, churn: SESSIONS, sealEveryMs: 10_000, wallets: true } as const;

for (const scheme of SCHEMES) {
  test(`${scheme.name}: every invariant holds, whoever takes part`, () => {
    for (const strategy of STRATEGIES) {
      const world = createWorld({ ...tiny, scheme, strategy, saboteurs: 0.25 });
      const measures = world.run();
      const broken = brokenInvariants(world.driver.state, measures, isRefereed(scheme));
      expect(broken, strategy.name).toEqual([]);
      expect(measures.accepted + measures.failed, strategy.name).toBe(tiny.units);
    }
  });

  test(`${scheme.name}: without saboteurs nothing is forged, rejected or failed`, () => {
    const measures = runWorld({ ...tiny, scheme, strategy: colluding(1), saboteurs: 0 });
    expect(measures).toMatchObject({ forgedAccepted: 0, honestRejected: 0, failed: 0, caught: 0, completed: true });
    expect(executionsPerResult(measures)).toBeGreaterThanOrEqual(1);
  });
}

test('the same seed gives the same run', () => {
  const options = { ...tiny, scheme: SCHEMES[2] as (typeof SCHEMES)[number], strategy: colluding(0.3), saboteurs: 0.4 };
  expect(runWorld(options)).toEqual(runWorld(options));
  expect(runWorld({ ...options, seed: 4 })).not.toEqual(runWorld(options));
});

test('where all saboteurs agree and only votes are counted, some of their results are accepted', () => {
  const [votes] = SCHEMES;
  const measures = runWorld({
    ...tiny,
    units: 200,
    scheme: votes as NonNullable<typeof votes>,
    strategy: colluding(1),
    saboteurs: 0.4,
  });
  expect(measures.forgedAccepted).toBeGreaterThan(0);
});

test('a broken invariant is told', () => {
  const world = createWorld({
    ...tiny,
    scheme: SCHEMES[2] as (typeof SCHEMES)[number],
    strategy: colluding(1),
    saboteurs: 0,
  });
  const measures = world.run();
  const [node] = world.driver.state.nodes.values();
  if (node !== undefined) node.earned += 1n;
  expect(brokenInvariants(world.driver.state, measures, true)).toHaveLength(1);
  expect(brokenInvariants(world.driver.state, { ...measures, honestRejected: 1 }, true)).toHaveLength(2);
});
