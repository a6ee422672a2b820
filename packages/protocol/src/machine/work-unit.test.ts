import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quorumPolicy } from '../../testing/arbitraries.ts';
import { attestationOf, digestOf, nodeOf, pendingUnit } from '../../testing/unit-fixtures.ts';
import type { QuorumPolicy } from '../model/job-spec.ts';
import type { WorkUnit } from './state.ts';
import { mayLease, replicasNeeded, stepWorkUnit, type WorkUnitEvent } from './work-unit.ts';

const NODES = 6;
const node = fc.integer({ min: 1, max: NODES }).map(nodeOf);
const digest = fc.integer({ min: 1, max: 3 }).map(digestOf);
const at = fc.nat(100_000);

const event: fc.Arbitrary<WorkUnitEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('leased' as const), nodeId: node, at, leaseMs: fc.constant(20_000) }),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ nodeId: node, at, digest })
      .map((e) => ({ type: 'committed' as const, nodeId: e.nodeId, at: e.at, attestation: attestationOf(e.digest) })),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('revealed' as const),
      nodeId: node,
      at,
      digest,
      sizeBytes: fc.constant(1),
      near: fc.constant([]),
    }),
  },
  fc.record({ type: fc.constant('failed' as const), nodeId: node, code: fc.constant('KERNEL_THREW') }),
  fc.record({ type: fc.constant('released' as const), nodeId: node, reason: fc.constantFrom('bye', 'lost') }),
  fc.record({ type: fc.constant('ticked' as const), at }),
);

function check(unit: WorkUnit, policy: QuorumPolicy): void {
  const ids = unit.replicas.map((replica) => replica.nodeId);
  expect(new Set(ids).size).toBe(ids.length);
  const results = unit.replicas.filter((r) => ['revealed', 'agreed', 'disagreed'].includes(r.status));
  expect(results.length).toBeLessThanOrEqual(policy.maxReplicas);
  if (unit.status === 'accepted') {
    const agreed = unit.replicas.filter((replica) => replica.status === 'agreed');
    expect(agreed.length).toBeGreaterThanOrEqual(policy.quorum);
    expect(agreed.every((replica) => replica.resultDigest === unit.canonical)).toBe(true);
  } else {
    expect(unit.canonical).toBeUndefined();
  }
  if (unit.status === 'accepted' || unit.status === 'failed') {
    expect(unit.replicas.some((r) => ['leased', 'committed', 'revealed'].includes(r.status))).toBe(false);
  }
}

test('whatever happens: one replica per node, the cap holds, nothing is accepted below quorum, ends are final', () => {
  fc.assert(
    fc.property(quorumPolicy, fc.array(event, { maxLength: 60 }), (policy, events) => {
      let unit = pendingUnit();
      for (const next of events) {
        const frozen = JSON.stringify(unit);
        const step = stepWorkUnit(unit, next, policy);
        expect(JSON.stringify(unit)).toBe(frozen);
        if (step.ignored !== undefined) expect(step.unit).toBe(unit);
        if (unit.status === 'accepted' || unit.status === 'failed') expect(step.unit).toBe(unit);
        unit = step.unit;
        check(unit, policy);
      }
    }),
    { numRuns: 3000 },
  );
});

test('repeating any event changes nothing more', () => {
  fc.assert(
    fc.property(quorumPolicy, fc.array(event, { maxLength: 30 }), (policy, events) => {
      let unit = pendingUnit();
      for (const next of events) {
        unit = stepWorkUnit(unit, next, policy).unit;
        expect(stepWorkUnit(unit, next, policy).unit).toEqual(unit);
      }
    }),
    { numRuns: 500 },
  );
});

test('the verdict does not depend on the order of reveals', () => {
  const votes = fc.array(digest, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      votes.chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray(
            list.map((_, i) => i),
            { minLength: list.length },
          ),
        ),
      ),
      ([list, order]) => {
        const policy: QuorumPolicy = { kind: 'quorum', quorum: list.length, maxReplicas: list.length };
        const run = (indices: number[]) => {
          let unit = pendingUnit();
          for (const i of list.keys()) {
            unit = stepWorkUnit(unit, { type: 'leased', nodeId: nodeOf(i + 1), at: 0, leaseMs: 9 }, policy).unit;
          }
          for (const i of indices) unit = deliver(unit, i, list[i] as ReturnType<typeof digestOf>, policy);
          return { status: unit.status, canonical: unit.canonical };
        };
        expect(run(order)).toEqual(run([...list.keys()]));
      },
    ),
  );
});

function deliver(unit: WorkUnit, i: number, of: ReturnType<typeof digestOf>, policy: QuorumPolicy): WorkUnit {
  const nodeId = nodeOf(i + 1);
  const committed = stepWorkUnit(
    unit,
    { type: 'committed', nodeId, at: 1, attestation: attestationOf(of) },
    policy,
  ).unit;
  return stepWorkUnit(committed, { type: 'revealed', nodeId, at: 1, digest: of, sizeBytes: 1, near: [] }, policy).unit;
}

test('always ends when fresh honest nodes keep coming', () => {
  fc.assert(
    fc.property(quorumPolicy, fc.array(event, { maxLength: 40 }), (policy, events) => {
      let unit = pendingUnit();
      for (const next of events) unit = stepWorkUnit(unit, next, policy).unit;
      unit = stepWorkUnit(unit, { type: 'ticked', at: 1e9 }, policy).unit;
      for (let i = NODES + 1; unit.status !== 'accepted' && unit.status !== 'failed'; i++) {
        expect(i).toBeLessThan(NODES + 20);
        expect(replicasNeeded(unit, policy)).toBeGreaterThan(0);
        unit = stepWorkUnit(unit, { type: 'leased', nodeId: nodeOf(i), at: 1e9, leaseMs: 1000 }, policy).unit;
        unit = deliverAt(unit, i, 1e9, policy);
      }
    }),
    { numRuns: 1000 },
  );
});

function deliverAt(unit: WorkUnit, i: number, time: number, policy: QuorumPolicy): WorkUnit {
  const nodeId = nodeOf(i);
  const attestation = attestationOf(digestOf(1));
  const committed = stepWorkUnit(unit, { type: 'committed', nodeId, at: time, attestation }, policy).unit;
  const event = { type: 'revealed' as const, nodeId, at: time, digest: digestOf(1), sizeBytes: 1, near: [] };
  return stepWorkUnit(committed, event, policy).unit;
}

const TWO: QuorumPolicy = { kind: 'quorum', quorum: 2, maxReplicas: 3 };

test.each(['lost', 'bye'])(
  'refuses a commit after the deadline, and takes one in time from a node that went away: %s',
  (reason) => {
    const leased = stepWorkUnit(pendingUnit(), { type: 'leased', nodeId: nodeOf(1), at: 0, leaseMs: 100 }, TWO).unit;
    const attestation = attestationOf(digestOf(1));
    const late = stepWorkUnit(leased, { type: 'committed', nodeId: nodeOf(1), at: 101, attestation }, TWO);
    expect(late.ignored).toBe('lease-expired');
    const lost = stepWorkUnit(leased, { type: 'released', nodeId: nodeOf(1), reason }, TWO).unit;
    expect(lost.status).toBe('pending');
    const back = stepWorkUnit(lost, { type: 'committed', nodeId: nodeOf(1), at: 90, attestation }, TWO);
    expect(back.unit.replicas[0]?.status).toBe('committed');
  },
);

test('a node whose kernel failed is not asked again; one that went away may be', () => {
  const leased = stepWorkUnit(pendingUnit(), { type: 'leased', nodeId: nodeOf(1), at: 0, leaseMs: 100 }, TWO).unit;
  const failed = stepWorkUnit(leased, { type: 'failed', nodeId: nodeOf(1), code: 'KERNEL_THREW' }, TWO).unit;
  const gone = stepWorkUnit(leased, { type: 'released', nodeId: nodeOf(1), reason: 'bye' }, TWO).unit;
  expect(mayLease(failed, nodeOf(1))).toBe(false);
  expect(mayLease(gone, nodeOf(1))).toBe(true);
});
