import type { NodeId } from '../base/ids.ts';
import { accountOf, checksLacking, checksToCome } from './account.ts';
import { identityIdOf, isAmong } from './identity.ts';
import { judgeTerms } from './stage.ts';
import type { Job, NodeRecord, Replica, ShardState, WorkUnit } from './state.ts';
import { checksWanted } from './unit-checks.ts';
import { isLive, mayLease, mayRecheck, outlook, replicaOf } from './unit-view.ts';

/** One thing a node could be given. */
export type Candidate = { readonly job: Job; readonly index: number } & (
  | { readonly kind: 'replica' | 'canary' | 'recheck' | 'spare' }
  | { readonly kind: 'check'; readonly subject: NodeId; readonly chunks: readonly number[] }
);

/** How many places of a long queue are looked at for one node. */
const LOOK = 64;
/** A unit is raced by another node only after this many times its expected run time. */
const SLOW = 2;
const MIN_SLOW_MS = 10_000;

const counts = (replica: Replica): boolean => replica.status !== 'expired';

/** Whether the node may compute the unit: it has not, and nobody likely to be the same person has. */
export function mayCompute(state: ShardState, node: NodeRecord, unit: WorkUnit): boolean {
  if (!mayLease(unit, node.id)) return false;
  const others = unit.replicas.filter((replica) => counts(replica) && replica.nodeId !== node.id);
  return (
    !isAmong(
      state,
      node,
      others.map(({ nodeId }) => nodeId),
    ) && !isChecking(state, node, unit)
  );
}

/** Whether the node, or somebody likely to be the same person, has checked a result of the unit that still stands. */
function isChecking(state: ShardState, node: NodeRecord, unit: WorkUnit): boolean {
  const stands = (subject: NodeId) => replicaOf(unit, subject)?.status !== 'disagreed';
  const counted = unit.checks.filter(({ status, subject }) => status !== 'expired' && stands(subject));
  return isAmong(
    state,
    node,
    counted.map(({ checker }) => checker),
  );
}

/** Whether the node may check a result of the unit: neither it nor anybody likely to be the same person has a part in it. */
function mayCheck(state: ShardState, node: NodeRecord, unit: WorkUnit): boolean {
  const own = replicaOf(unit, node.id);
  if (own !== undefined) {
    // Its own result may still come, for as long again as it had. Of two nodes, one would else wait for ever for the other.
    if (own.status !== 'expired' || state.now < 2 * own.deadline - own.leasedAt) return false;
  }
  const holders = unit.replicas.flatMap((replica) => (counts(replica) ? [replica.nodeId] : []));
  return !isAmong(state, node, holders) && !isChecking(state, node, unit);
}

function* unitsOf(job: Job, queue: ReadonlySet<number>): Generator<WorkUnit> {
  let looked = 0;
  for (const index of queue) {
    const unit = job.units[index];
    if (unit !== undefined) yield unit;
    if (++looked >= LOOK) return;
  }
}

/** Results that wait for their node's credibility, which another identity's agreement would raise. */
function* waitingUnits(state: ShardState, job: Job, node: NodeRecord): Generator<WorkUnit> {
  const { rules } = judgeTerms(state, job);
  for (const unit of unitsOf(job, job.waiting)) {
    if (mayRecheck(unit, rules) && mayCompute(state, node, unit)) yield unit;
  }
}

/** Whether the network holds the answer of a waiting unit with some confidence: its node has passed a check before. */
function isKnown(state: ShardState, job: Job, unit: WorkUnit): boolean {
  return unit.replicas.some((replica) => {
    const node = replica.status === 'revealed' ? state.nodes.get(replica.nodeId) : undefined;
    return node !== undefined && (replica.passed === true || accountOf(state, node, job).checked >= 1);
  });
}

/** Units of the job whose answer is known and that can be given as canaries. They look like any other. */
export function* canaries(state: ShardState, job: Job, node: NodeRecord): Generator<Candidate> {
  for (const unit of waitingUnits(state, job, node)) {
    if (isKnown(state, job, unit)) yield { job, index: unit.index, kind: 'canary' };
  }
}

/** Whether a replica more would help a waiting unit: its accounts lack checks, or have all there can be and are not believed. */
function lacksChecks(state: ShardState, job: Job, unit: WorkUnit): boolean {
  const accounts = unit.replicas.flatMap((replica) => {
    const node = replica.status === 'revealed' ? state.nodes.get(replica.nodeId) : undefined;
    return node === undefined ? [] : accountOf(state, node, job);
  });
  // No check of another result tells of one that was sealed under another name.
  const moved = ({ status, nodeId, by }: Replica): boolean => {
    const node = status === 'revealed' ? state.nodes.get(nodeId) : undefined;
    return node !== undefined && by !== undefined && by !== identityIdOf(state, node);
  };
  if (unit.replicas.some(moved)) return true;
  if (accounts.some((account) => checksLacking(state, job, account, account.results) > 0)) return true;
  return accounts.every((account) => account.checked >= account.results);
}

/** Audits may wait for a node that lacks checks itself while there are fewer than a fourth of the nodes. */
const AUDITS_AHEAD = 4;

/** How many results the node computes again before new units: the others are left to nodes of whom agreement says more. */
function auditsFor(state: ShardState, job: Job, node: NodeRecord): number {
  const many = job.started.size * AUDITS_AHEAD > state.online;
  if (many || judgeTerms(state, job).rules.epsilon === undefined) return Number.POSITIVE_INFINITY;
  return Math.ceil(checksToCome(state, job, node).lacking);
}

/** The unit that will be longest in coming, if it is slow enough to be raced by another node. */
function slowestUnit(state: ShardState, job: Job, node: NodeRecord): WorkUnit | undefined {
  const { meanMs } = accountOf(state, node, job);
  if (meanMs === undefined) return undefined;
  const limit = state.now - Math.max(MIN_SLOW_MS, SLOW * meanMs);
  let slowest: { unit: WorkUnit; since: number } | undefined;
  const { rules } = judgeTerms(state, job);
  for (const unit of unitsOf(job, job.running)) {
    const live = unit.replicas.filter(isLive);
    const since = Math.max(...live.map((replica) => replica.leasedAt));
    // At most one racer for each unit.
    const raced = live.length > Math.max(unit.target, rules.votes);
    if (raced || since > limit || outlook(unit, rules).free <= 0 || !mayCompute(state, node, unit)) continue;
    if (slowest === undefined || since < slowest.since) slowest = { unit, since };
  }
  return slowest?.unit;
}

/**
 * What the job could give to this node, best first: units that others have begun, so that they are decided soon; chunks to
 * check; new units; and where nothing else is left, results that wait for checks and units that are late.
 */
export function* candidates(state: ShardState, job: Job, node: NodeRecord): Generator<Candidate> {
  const { rules } = judgeTerms(state, job);
  const isAudit = (unit: WorkUnit) => unit.target > rules.votes;
  let audits = auditsFor(state, job, node);
  for (const unit of unitsOf(job, job.started)) {
    if ((isAudit(unit) && audits <= 0) || !mayCompute(state, node, unit)) continue;
    if (isAudit(unit)) audits -= 1;
    yield { job, index: unit.index, kind: 'replica' };
  }
  for (const unit of unitsOf(job, job.unchecked)) {
    const [wanted] = mayCheck(state, node, unit) ? checksWanted(unit, rules) : [];
    if (wanted !== undefined) yield { job, index: unit.index, kind: 'check', ...wanted };
  }
  for (const unit of unitsOf(job, job.fresh)) {
    if (mayCompute(state, node, unit)) yield { job, index: unit.index, kind: 'replica' };
  }
  for (const unit of unitsOf(job, job.started)) {
    if (mayCompute(state, node, unit)) yield { job, index: unit.index, kind: 'replica' };
  }
  for (const unit of waitingUnits(state, job, node)) {
    if (lacksChecks(state, job, unit)) yield { job, index: unit.index, kind: 'recheck' };
  }
  const slow = slowestUnit(state, job, node);
  if (slow !== undefined) yield { job, index: slow.index, kind: 'spare' };
}
