import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quorumPolicy, stageTerms } from '../../testing/arbitraries.ts';
import { compute, digestOf, judgeBy, nodeOf, openingOf, pendingUnit } from '../../testing/unit-fixtures.ts';
import { fromHex } from '../base/bytes.ts';
import type { Hash } from '../base/ids.ts';
import { drawChunks } from '../trust/sampling.ts';
import type { Judge } from './decide.ts';
import type { Check, Replica, WorkUnit } from './state.ts';
import { checksWanted } from './unit-checks.ts';
import { isDecided, isTerminal, replicasNeeded } from './unit-view.ts';
import { stepWorkUnit, type WorkUnitEvent } from './work-unit.ts';

const NODES = 6;
/** Chunks of every result, so that random checks hit the ones that were drawn. */
const COUNT = 6;
const RIGHT = digestOf(1);
const node = fc.integer({ min: 1, max: NODES }).map(nodeOf);
/** Some of them compute, too. */
const checker = fc.integer({ min: NODES - 1, max: NODES + 2 }).map(nodeOf);
const tag = fc.constantFrom(1, 1, 2, 3).map(digestOf);
const at = fc.nat(25_000);
const index = fc.nat(COUNT - 1);

/** An event, made for the unit as it is: an opening needs what was revealed, a check what was drawn. */
type Making = (unit: WorkUnit, judge: Judge) => WorkUnitEvent;
const plain = (event: fc.Arbitrary<WorkUnitEvent>): fc.Arbitrary<Making> => event.map((made) => () => made);

const event: fc.Arbitrary<Making> = fc.oneof(
  {
    weight: 8,
    arbitrary: plain(
      fc.record({
        type: fc.constant('leased' as const),
        nodeId: node,
        at,
        leaseMs: fc.constant(20_000),
        extra: fc.constantFrom(undefined, undefined, 'canary' as const, 'recheck' as const, 'spare' as const),
      }) as fc.Arbitrary<WorkUnitEvent>,
    ),
  },
  {
    weight: 12,
    arbitrary: plain(
      fc
        .tuple(node, at, digest(), fc.constantFrom(undefined, 'certificate' as const, 'execution' as const))
        .map(([nodeId, when, draw, audit]) => ({
          ...{ type: 'committed' as const, nodeId, at: when, seal: digestOf(Number(nodeId) + 50), draw },
          ...(audit === undefined ? {} : { audit }),
        })),
    ),
  },
  {
    weight: 12,
    arbitrary: fc.tuple(node, at, tag).map(
      ([nodeId, when, found]): Making =>
        (_unit, { kernel, rules }) => ({
          ...{ type: 'revealed', nodeId, at: when, tag: found, sizeBytes: 1, near: [] },
          ...(kernel.chunked ? { chunks: { root: found, count: COUNT } } : {}),
          ...(rules.certificate ? { certified: -60 } : {}),
        }),
    ),
  },
  plain(fc.record({ type: fc.constant('failed' as const), nodeId: node, code: fc.constant('KERNEL_THREW') })),
  plain(fc.record({ type: fc.constant('released' as const), nodeId: node, reason: fc.constantFrom('bye', 'lost') })),
  plain(fc.record({ type: fc.constant('condemned' as const), nodeId: node, reason: fc.constant('RESULT_VOIDED') })),
  plain(fc.record({ type: fc.constant('dropped' as const), nodeId: checker })),
  {
    weight: 3,
    arbitrary: fc.tuple(checker, at).map(
      ([nodeId, when]): Making =>
        (unit, { rules }) => {
          const [wanted] = checksWanted(unit, rules);
          const { subject, chunks } = wanted ?? { subject: nodeId, chunks: [0] };
          return wanted === undefined
            ? { type: 'check-ended', nodeId }
            : { type: 'check-leased', nodeId, subject, chunks, at: when, leaseMs: 9 };
        },
    ),
  },
  {
    weight: 4,
    arbitrary: plain(
      fc.tuple(checker, index, fc.nat(4), fc.nat(9)).map(([nodeId, i, answered, differs]) => ({
        ...{ type: 'check-answered' as const, nodeId },
        ...(differs < 2 ? { dispute: { index: i, answered: digestOf(answered), opened: digestOf(9) } } : {}),
      })),
    ),
  },
  plain(fc.record({ type: fc.constant('check-ended' as const), nodeId: node })),
  index.map(
    (i): Making =>
      (_unit, { kernel }) =>
        kernel.chunked ? { type: 'recheck-asked', index: i } : { type: 'reviewed' },
  ),
  // The relay found chunk `i` of the right result to be RIGHT; each other result differs there.
  {
    weight: 2,
    arbitrary: index.map(
      (i): Making =>
        (unit) => ({
          type: 'refereed',
          index: unit.referee !== undefined && unit.referee >= 0 ? unit.referee : i,
          digest: RIGHT,
          digests: new Map([1, 2, 3].map((value) => [digestOf(value) as Hash, digestOf(value)])),
        }),
    ),
  },
  plain(fc.constant({ type: 'reviewed' as const })),
  { weight: 4, arbitrary: fc.constant((unit: WorkUnit) => openingOf(unit)) },
  plain(fc.record({ type: fc.constant('ticked' as const), at })),
);

function digest() {
  return fc.integer({ min: 1, max: 50 }).map(digestOf);
}

const COUNTED = new Set<Replica['status']>(['revealed', 'agreed', 'disagreed']);
const count = <T>(items: readonly T[], wanted: (item: T) => boolean): number => items.filter(wanted).length;

/** Independent of `decide`: whether what the unit holds is enough for the result it chose. */
function expectEnough(unit: WorkUnit, judge: Judge): void {
  const { rules } = judge;
  const same = unit.replicas.filter((own) => own.tag === unit.decided && COUNTED.has(own.status));
  const certified = same.some((own) => own.certified !== undefined);
  expect(same.length).toBeGreaterThanOrEqual(certified ? 1 : Math.max(1, rules.votes));
  if (rules.certificate) expect(certified).toBe(true);
  if (rules.sample !== undefined) {
    const { chunks } = rules.sample;
    const covered = same.map((own) => {
      const drawn = drawChunks(fromHex(own.draw as Hash), COUNT, Math.min(chunks, COUNT));
      const passed = unit.checks.filter(({ subject, status }) => subject === own.nodeId && status === 'passed');
      return drawn.every((chunk) => passed.some((check) => check.chunks.includes(chunk)));
    });
    expect(covered).toContain(true);
  }
  if (rules.epsilon !== undefined && !certified) {
    // Nobody was known: with m alike of share E, and d different ones, the chance to be wrong is about (E/(1−E))^(m−d).
    const odds = (1 - judge.trust.faultyShare) / judge.trust.faultyShare;
    expect(1 / (1 + odds ** same.length)).toBeLessThanOrEqual(rules.epsilon);
  }
}

function expectSound(unit: WorkUnit, judge: Judge): void {
  const { rules } = judge;
  const ids = unit.replicas.map(({ nodeId }) => nodeId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(count(unit.replicas, ({ status }) => COUNTED.has(status))).toBeLessThanOrEqual(rules.maxReplicas);
  // Nobody checks a unit they computed.
  for (const { checker } of unit.checks) expect(ids).not.toContain(checker);
  const atWork = (check: Check) => check.status === 'leased';
  if (isDecided(unit)) {
    expect(unit.replicas.some(({ status }) => status === 'leased' || status === 'committed')).toBe(false);
    expect(unit.checks.some(atWork)).toBe(false);
  }
  if (unit.decided !== undefined) expectEnough(unit, judge);
  if (isTerminal(unit)) expect(unit.replicas.some(({ status }) => status === 'revealed')).toBe(false);
  expect(unit.status === 'accepted').toBe(unit.canonical !== undefined);
  for (const own of unit.replicas) {
    if (own.status === 'agreed') expect(own.resultDigest).toBe(unit.canonical);
  }
}

test('whatever happens: one replica a node, the cap holds, nothing is accepted below the policy, ends are final', () => {
  fc.assert(
    fc.property(stageTerms, fc.array(event, { maxLength: 60 }), ({ policy, kernel }, events) => {
      const judge = judgeBy(policy, { kernel });
      let unit = pendingUnit();
      for (const make of events) {
        const next = make(unit, judge);
        const frozen = JSON.stringify(unit);
        const step = stepWorkUnit(unit, next, judge);
        expect(JSON.stringify(unit)).toBe(frozen);
        if (step.ignored !== undefined) expect(step.unit).toBe(unit);
        if (isTerminal(unit)) expect(step.unit).toBe(unit);
        if (unit.decided !== undefined) expect(step.unit.decided).toBe(unit.decided);
        unit = step.unit;
        expectSound(unit, judge);
      }
    }),
    { numRuns: 2000 },
  );
});

test('random events reach every end by every kind of verdict', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(stageTerms, fc.array(event, { minLength: 60, maxLength: 90 }), ({ policy, kernel }, events) => {
      const judge = judgeBy(policy, { kernel });
      let unit = pendingUnit();
      for (const make of events) unit = stepWorkUnit(unit, make(unit, judge), judge).unit;
      seen.add(`${policy.kind} ${unit.status}`);
      for (const own of unit.replicas) if (own.reason !== undefined) seen.add(own.reason);
      for (const check of unit.checks) seen.add(`check ${check.status}`);
      if (unit.status === 'accepted') seen.add(`by ${unit.verdict?.by}`);
    }),
    { numRuns: 1500, seed: 1 },
  );
  for (const kind of ['quorum', 'sample', 'certificate', 'audit']) {
    expect(seen).toContain(`${kind} accepted`);
    expect(seen).toContain(`${kind} failed`);
  }
  for (const by of ['vote', 'credibility', 'sample', 'certificate', 'audit']) expect(seen).toContain(`by ${by}`);
  for (const reason of ['CHUNK_WRONG', 'RESULT_VOIDED', 'RESULT_OUTVOTED', 'KERNEL_THREW', 'no-quorum', 'not-needed'])
    expect(seen).toContain(reason);
  for (const status of ['passed', 'failed', 'expired']) expect(seen).toContain(`check ${status}`);
});

test('repeating any event changes nothing more', () => {
  fc.assert(
    fc.property(stageTerms, fc.array(event, { maxLength: 30 }), ({ policy, kernel }, events) => {
      const judge = judgeBy(policy, { kernel });
      let unit = pendingUnit();
      for (const make of events) {
        const next = make(unit, judge);
        unit = stepWorkUnit(unit, next, judge).unit;
        expect(stepWorkUnit(unit, next, judge).unit).toEqual(unit);
      }
    }),
    { numRuns: 500 },
  );
});

test('the verdict does not depend on the order of reveals', () => {
  const votes = fc.array(tag, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      votes.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
      ),
      ([list, order]) => {
        const judge = judgeBy({ kind: 'quorum', quorum: list.length, maxReplicas: list.length });
        const run = (indices: number[]) => {
          let unit = pendingUnit();
          for (const i of list.keys()) {
            unit = stepWorkUnit(unit, { type: 'leased', nodeId: nodeOf(i + 1), at: 0, leaseMs: 9 }, judge).unit;
          }
          for (const i of indices) unit = compute(unit, nodeOf(i + 1), list[i] as Hash, judge);
          return { status: unit.status, canonical: unit.canonical };
        };
        expect(run(order)).toEqual(run([...list.keys()]));
      },
    ),
  );
});

test('a quorum always ends when fresh honest nodes keep coming', () => {
  fc.assert(
    fc.property(quorumPolicy, fc.array(event, { maxLength: 40 }), (policy, events) => {
      const judge = judgeBy(policy);
      let unit = pendingUnit();
      for (const make of events) {
        unit = stepWorkUnit(unit, make(unit, judge), judge).unit;
      }
      unit = stepWorkUnit(unit, { type: 'ticked', at: 1e9 }, judge).unit;
      if (unit.decided !== undefined) unit = stepWorkUnit(unit, openingOf(unit), judge).unit;
      for (let i = NODES + 1; !isTerminal(unit); i++) {
        expect(i).toBeLessThan(NODES + 20);
        expect(replicasNeeded(unit, judge.rules)).toBeGreaterThan(0);
        unit = compute(unit, nodeOf(i), RIGHT, judge, 1e9);
      }
    }),
    { numRuns: 1000 },
  );
});
