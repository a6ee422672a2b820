import { fromHex } from '../base/bytes.ts';
import type { Hash, NodeId } from '../base/ids.ts';
import { MAX_CHECK_CHUNKS } from '../model/check-answer.ts';
import type { PolicyRules } from '../trust/policy-rules.ts';
import { drawChunks } from '../trust/sampling.ts';
import type { Check, Replica, WorkUnit } from './state.ts';
import { isDecided, revealedOf } from './unit-view.ts';

const dealt = new WeakMap<Replica, number[][]>();

/** The chunks of a result that its draw chose, dealt to as many checkers as the policy wants. */
export function dealtChunks(subject: Replica, rules: PolicyRules): number[][] {
  const { chunks, draw } = subject;
  const { sample } = rules;
  if (sample === undefined || chunks === undefined || draw === undefined) return [];
  const before = dealt.get(subject);
  if (before !== undefined) return before;
  const drawn = drawChunks(fromHex(draw), chunks.count, Math.min(sample.chunks, chunks.count));
  const hands = Math.max(Math.min(sample.checkers, drawn.length), Math.ceil(drawn.length / MAX_CHECK_CHUNKS));
  const groups = Array.from({ length: hands }, (_, hand) => drawn.filter((_chunk, i) => i % hands === hand));
  dealt.set(subject, groups);
  return groups;
}

/** Whose result is sampled: the first that was revealed and not refuted. */
export function subjectOf(unit: WorkUnit): Replica | undefined {
  let first: Replica | undefined;
  for (const replica of revealedOf(unit)) {
    if (replica.chunks === undefined) continue;
    const earlier = first === undefined || (replica.revealedAt ?? 0) < (first.revealedAt ?? 0);
    if (earlier) first = replica;
  }
  return first;
}

const isSame = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((x, i) => x === b[i]);
const OPEN = new Set<Check['status']>(['leased', 'passed', 'disputed']);

const checksOn = (unit: WorkUnit, subject: NodeId): Check[] => unit.checks.filter((check) => check.subject === subject);

/** Hands of chunks that nobody recomputes or has recomputed. */
export function checksWanted(unit: WorkUnit, rules: PolicyRules): { subject: NodeId; chunks: number[] }[] {
  if (rules.sample === undefined || isDecided(unit) || unit.referee !== undefined) return [];
  const subject = subjectOf(unit);
  if (subject === undefined) return [];
  const checks = checksOn(unit, subject.nodeId);
  return dealtChunks(subject, rules).flatMap((chunks) =>
    checks.some((check) => OPEN.has(check.status) && isSame(check.chunks, chunks))
      ? []
      : [{ subject: subject.nodeId, chunks }],
  );
}

/** Whether all the chunks drawn of this result were recomputed and right. */
export function isSampled(unit: WorkUnit, subject: Replica, rules: PolicyRules): boolean {
  const hands = dealtChunks(subject, rules);
  const checks = checksOn(unit, subject.nodeId);
  return (
    hands.length > 0 &&
    hands.every((chunks) => checks.some((check) => check.status === 'passed' && isSame(check.chunks, chunks)))
  );
}

export const checkBy = (unit: WorkUnit, checker: NodeId): Check | undefined =>
  unit.checks.find((check) => check.checker === checker && check.status === 'leased');

/** Puts a check in its place; of those that a checker gave up only the last is kept, or there would be no end of them. */
export function withCheck(unit: WorkUnit, before: Check | undefined, after: Check): WorkUnit {
  const isPast = (check: Check) =>
    check === before ||
    (check.status === 'expired' && check.checker === after.checker && check.subject === after.subject);
  return { ...unit, checks: [...unit.checks.filter((check) => !isPast(check)), after] };
}

/** What a recomputed chunk says of those who differed over it. */
export function judgeChunk(
  unit: WorkUnit,
  index: number,
  digest: Hash,
  digests: ReadonlyMap<Hash, Hash>,
): { unit: WorkUnit; wrong: NodeId[]; liars: NodeId[] } {
  const found = (replica: Replica | undefined) => (replica?.tag === undefined ? undefined : digests.get(replica.tag));
  const wrong = revealedOf(unit).flatMap((replica) => {
    const theirs = found(replica);
    return theirs !== undefined && theirs !== digest ? [replica.nodeId] : [];
  });
  const liars: NodeId[] = [];
  const checks = unit.checks.map((check): Check => {
    const { dispute } = check;
    if (check.status === 'disputed' && dispute?.index === index) {
      const status = dispute.answered === digest ? 'passed' : 'failed';
      if (status === 'failed') liars.push(check.checker);
      return { ...check, status };
    }
    // A checker that passed a wrong chunk said the same wrong thing as its subject.
    if (check.status === 'passed' && check.chunks.includes(index) && wrong.includes(check.subject)) {
      liars.push(check.checker);
      return { ...check, status: 'failed' };
    }
    return check;
  });
  const { referee: _referee, ...rest } = unit;
  return { unit: { ...rest, checks }, wrong, liars };
}
