import { expect, test } from 'vitest';
import { bring, compute, digestOf, judgeBy, nodeOf, pendingUnit } from '../../testing/unit-fixtures.ts';
import type { QuorumPolicy } from '../model/policy.ts';
import type { WorkUnit } from './state.ts';
import { mayLease } from './unit-view.ts';
import { stepWorkUnit } from './work-unit.ts';

/** Single steps of a unit, one by one. */
const RIGHT = digestOf(1);
const COUNT = 6;
const TWO: QuorumPolicy = { kind: 'quorum', quorum: 2, maxReplicas: 3 };
const judge = judgeBy(TWO);
const leaseTo = (unit: WorkUnit, n: number) =>
  stepWorkUnit(unit, { type: 'leased', nodeId: nodeOf(n), at: 0, leaseMs: 100 }, judge).unit;
const sealBy = (n: number, when: number) => ({
  ...{ type: 'committed' as const, nodeId: nodeOf(n), at: when, seal: digestOf(n), draw: digestOf(n) },
});

test.each(['lost', 'bye'])('takes a result in time from a node that went away: %s', (reason) => {
  const lost = stepWorkUnit(leaseTo(pendingUnit(), 1), { type: 'released', nodeId: nodeOf(1), reason }, judge).unit;
  expect(lost.status).toBe('pending');
  expect(stepWorkUnit(lost, sealBy(1, 90), judge).unit.replicas[0]?.status).toBe('committed');
});

test('takes a late result while the unit is open and has room for it, and not when it has none', () => {
  const late = stepWorkUnit(leaseTo(pendingUnit(), 1), { type: 'ticked', at: 101 }, judge).unit;
  expect(late.replicas[0]?.reason).toBe('deadline');
  expect(stepWorkUnit(late, sealBy(1, 150), judge).unit.replicas[0]?.status).toBe('committed');
  let full = leaseTo(leaseTo(late, 2), 3);
  full = bring(bring(full, nodeOf(2), digestOf(2), judge), nodeOf(3), digestOf(3), judge);
  full = leaseTo(full, 4);
  expect(stepWorkUnit(full, sealBy(1, 150), judge).ignored).toBe('lease-expired');
  const done = compute(compute(late, nodeOf(2), RIGHT, judge), nodeOf(3), RIGHT, judge);
  expect(done.status).toBe('accepted');
  expect(stepWorkUnit(done, sealBy(1, 150), judge).ignored).toBe('terminal');
});

test('a node whose kernel failed is not asked again, and its late result is not taken; one that went away may be', () => {
  const leased = leaseTo(pendingUnit(), 1);
  const failed = stepWorkUnit(leased, { type: 'failed', nodeId: nodeOf(1), code: 'KERNEL_THREW' }, judge).unit;
  const gone = stepWorkUnit(leased, { type: 'released', nodeId: nodeOf(1), reason: 'bye' }, judge).unit;
  expect(mayLease(failed, nodeOf(1))).toBe(false);
  expect(stepWorkUnit(failed, sealBy(1, 50), judge).ignored).toBe('lease-expired');
  expect(mayLease(gone, nodeOf(1))).toBe(true);
});

test('a second seal is refused, the same one again is not', () => {
  const sealed = stepWorkUnit(leaseTo(pendingUnit(), 1), sealBy(1, 1), judge).unit;
  expect(stepWorkUnit(sealed, sealBy(1, 2), judge).ignored).toBe('repeated');
  expect(stepWorkUnit(sealed, { ...sealBy(1, 2), seal: digestOf(77) }, judge).ignored).toBe('other-seal');
});

test('a result that is void before the referee has answered takes the question with it', () => {
  const chunked = judgeBy(TWO, { kernel: { ...judge.kernel, chunked: true } });
  const reveal = (unit: WorkUnit, n: number, found: number) => {
    const sealed = stepWorkUnit(leaseTo(unit, n), sealBy(n, 1), chunked).unit;
    const seen = { type: 'revealed' as const, nodeId: nodeOf(n), at: 1, tag: digestOf(found), sizeBytes: 1, near: [] };
    return stepWorkUnit(sealed, { ...seen, chunks: { root: digestOf(found), count: COUNT } }, chunked).unit;
  };
  const asked = reveal(reveal(pendingUnit(), 1, 1), 2, 2);
  expect(asked.referee).toBe(-1);
  const left = stepWorkUnit(asked, { type: 'condemned', nodeId: nodeOf(2), reason: 'RESULT_VOIDED' }, chunked).unit;
  expect(left.referee).toBeUndefined();
  expect(reveal(left, 3, 1).decided).toBe(digestOf(1));
});

test('a sampled unit that as many others computed whole as there are checkers needs no samples', () => {
  const judge = judgeBy({ kind: 'sample', chunks: 4, checkers: 1, maxReplicas: 3 });
  const first = compute(pendingUnit(), nodeOf(1), digestOf(9), judge);
  expect(first.status).toBe('issued');
  const leased = { type: 'leased' as const, nodeId: nodeOf(2), at: 2, leaseMs: 100, extra: 'spare' as const };
  const raced = compute(stepWorkUnit(first, leased, judge).unit, nodeOf(2), digestOf(9), judge);
  // With two nodes in all there is nobody left who could take samples.
  expect(raced).toMatchObject({ status: 'accepted', verdict: { by: 'sample' } });
  const two = judgeBy({ kind: 'sample', chunks: 4, checkers: 2, maxReplicas: 3 });
  const waiting = compute(
    stepWorkUnit(compute(pendingUnit(), nodeOf(1), digestOf(9), two), leased, two).unit,
    nodeOf(2),
    digestOf(9),
    two,
  );
  expect(waiting.status).toBe('issued');
});
