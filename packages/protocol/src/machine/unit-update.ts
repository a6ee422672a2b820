import type { ErrorCode } from '../base/error-codes.ts';
import { isErrorCode, ReckonError, toWire } from '../base/errors.ts';
import { enterAccount, notePass, noteResult, rate, shareOf } from './account.ts';
import { type Effects, offer, send } from './effects.ts';
import { identityOf, noteQuota } from './identity.ts';
import { payUnit } from './pay-unit.ts';
import { checkWeight, creditsOf } from './reward.ts';
import { isLeasable, judgeTerms, stageOf } from './stage.ts';
import type { Job, Replica, ShardState, WorkUnit } from './state.ts';
import { checksWanted } from './unit-checks.ts';
import { isDecided, isLive, isTerminal, replicaOf, replicasNeeded } from './unit-view.ts';

/** Puts a stepped unit in its place: counts, queues, what its nodes hold, what they are told, what was earned. */
export function applyUnit(state: ShardState, job: Job, before: WorkUnit, stepped: WorkUnit, effects: Effects): void {
  let after = stepped;
  if (before.status !== 'accepted' && after.status === 'accepted') after = payUnit(state, job, after);
  job.units[after.index] = after;
  job.counts[before.status] -= 1;
  job.counts[after.status] += 1;
  queueUnit(state, job, after, effects);
  askRelay(state, before, after, effects);
  effects.changes.push({ type: 'unit', jobId: job.id, index: after.index });
  for (const replica of after.replicas) {
    const old = replicaOf(before, replica.nodeId);
    if (old === replica) continue;
    noteEvidence(state, job, after, replica, old, effects);
    if (old?.status !== replica.status) noteReplica(state, job, after, replica, old, effects);
  }
  noteChecks(state, job, before, after, effects);
}

const put = (set: Set<number>, index: number, wanted: boolean): boolean => {
  if (!wanted) set.delete(index);
  else if (!set.has(index)) return set.add(index) !== undefined;
  return false;
};

/** Keeps the job's queues: units that can use a replica, have chunks to check, wait for credibility, or run. */
export function queueUnit(state: ShardState, job: Job, unit: WorkUnit, effects: Effects): void {
  const { rules } = judgeTerms(state, job);
  const needed = replicasNeeded(unit, rules) > 0;
  const pending = unit.status === 'pending';
  const revealed = unit.replicas.some((replica) => replica.status === 'revealed');
  const live = unit.replicas.some(isLive);
  const open = [
    put(job.fresh, unit.index, needed && pending),
    put(job.started, unit.index, needed && !pending),
    put(job.unchecked, unit.index, checksWanted(unit, rules).length > 0),
  ];
  const undecided = !isDecided(unit) && unit.referee === undefined;
  put(job.waiting, unit.index, undecided && revealed && !live && rules.epsilon !== undefined);
  put(job.running, unit.index, undecided && live && !revealed);
  if (open.includes(true) && isLeasable(job)) offer(effects);
}

/** Asks the relay for what only it can bring: the opening of a decided unit, a recomputed chunk. */
function askRelay(state: ShardState, before: WorkUnit, after: WorkUnit, effects: Effects): void {
  const { id: workUnitId } = after;
  const opening = after.decided !== undefined && !isTerminal(after);
  if (opening && before.decided === undefined) effects.commands.push({ type: 'open', workUnitId });
  if (after.referee !== undefined && after.referee !== before.referee) {
    effects.commands.push({ type: 'referee', workUnitId, index: after.referee });
    // A checker that agreed is rechecked without a dispute.
    const differs = after.referee < 0 || after.checks.some(({ status }) => status === 'disputed');
    if (differs) state.totals.disputed += 1;
  }
  if (opening || after.referee !== undefined) state.asking.add(workUnitId);
  else state.asking.delete(workUnitId);
}

/** What a changed replica says of its node's account. */
function noteEvidence(
  state: ShardState,
  job: Job,
  unit: WorkUnit,
  replica: Replica,
  old: Replica | undefined,
  effects: Effects,
): void {
  const node = state.nodes.get(replica.nodeId);
  if (node === undefined) return;
  const { epsilon, sample } = judgeTerms(state, job).rules;
  const account = enterAccount(state, node, job);
  const at = state.now;
  if (replica.status === 'revealed' && old?.status !== 'revealed') {
    state.totals.executions += 1;
    noteResult(account, at);
    // Where every result is sampled, more of them are more evidence: those that waited may be believed now.
    const believed = epsilon !== undefined && sample !== undefined && shareOf(state, job, node.id) <= epsilon;
    if (believed) effects.review.add(account.key);
  }
  // A result refused for its certificate was computed all the same.
  if (replica.status === 'disagreed' && old?.status === 'committed') state.totals.executions += 1;
  const waits = replica.status === 'revealed' && !isDecided(unit) && epsilon !== undefined;
  if (waits) account.waiting.add(unit.id);
  else account.waiting.delete(unit.id);
  if (replica.passed === true && old?.passed !== true) {
    notePass(account, at);
    identityOf(state, node).verified += 1;
    effects.review.add(account.key);
  }
}

const DECIDED = new Set(['agreed', 'disagreed', 'expired']);
/** Reasons for which a node is caught, not only counted: its result is known to be wrong. */
const CERTAIN = new Set(['CHUNK_WRONG', 'CERTIFICATE_REJECTED']);

/** Keeps the node's record and tells the node what became of its replica. */
function noteReplica(
  state: ShardState,
  job: Job,
  unit: WorkUnit,
  replica: Replica,
  old: Replica | undefined,
  effects: Effects,
): void {
  const node = state.nodes.get(replica.nodeId);
  if (node === undefined) return;
  effects.changes.push({ type: 'node', nodeId: node.id });
  if (!DECIDED.has(replica.status)) {
    node.held.set(unit.id, { jobId: job.id, index: unit.index });
    return;
  }
  node.held.delete(unit.id);
  const identity = identityOf(state, node);
  const account = enterAccount(state, node, job);
  const { totals } = state;
  if (replica.status === 'agreed') {
    node.counts.agreed += 1;
    node.failures = 0;
    rate(account, 'valid', state.now);
    noteQuota(identity, 'valid');
    if (unit.verdict?.by === 'sample' && replica.passed !== true) identity.verified += 1;
  }
  if (replica.status === 'disagreed') {
    node.counts.disagreed += 1;
    totals.disagreed += 1;
    if (replica.canary === true) totals.canariesForged += 1;
    const { reason = '' } = replica;
    const outvoted = reason === 'RESULT_OUTVOTED';
    // Only of exact results does a vote of the credible tell a lie from an honest difference: a requester's tolerance, or a
    // program that magnifies rounding, would else bar whoever it likes.
    const certain = outvoted && job.kernel.exact && judgeTerms(state, job).rules.epsilon !== undefined;
    if (CERTAIN.has(reason) || certain) {
      effects.guilty.set(node.id, { code: reason as ErrorCode, by: replica.by });
    } else if (outvoted) {
      rate(account, 'wrong', state.now);
      account.checked = 0;
      noteQuota(identity, 'wrong');
    }
  }
  if (replica.status === 'agreed' || replica.status === 'disagreed') totals.checked += 1;
  const unneeded = replica.status === 'expired' && replica.reason !== 'deadline';
  if (replica.status === 'expired' && !unneeded) {
    node.counts.expired += 1;
    rate(account, 'timeout', state.now);
    noteQuota(identity, 'timeout');
  }
  // A node that went away or gave the unit up knows; one that was working is told to stop.
  if (old?.status === 'leased' && unneeded) {
    const { reason } = replica;
    if (reason === 'not-needed' || reason === 'job-ended' || reason === 'same-person') {
      send(effects, node.id, { type: 'revoked', workUnitId: unit.id, reason });
    }
    return;
  }
  send(effects, node.id, verdictOf(job, unit, replica));
}

/** Keeps what checkers hold, and tells those whose check is no longer wanted. */
function noteChecks(state: ShardState, job: Job, before: WorkUnit, after: WorkUnit, effects: Effects): void {
  for (const check of after.checks) {
    if (before.checks.includes(check)) continue;
    const node = state.nodes.get(check.checker);
    if (node === undefined) continue;
    effects.changes.push({ type: 'node', nodeId: node.id });
    if (check.status === 'leased') {
      const place = state.units.get(after.id);
      if (place !== undefined) node.checking.set(after.id, place);
      continue;
    }
    const was = node.checking.delete(after.id);
    const count = replicaOf(after, check.subject)?.chunks?.count ?? 0;
    if (was && count > 0 && check.status !== 'expired') state.totals.checkWork += check.chunks.length / count;
    if (check.status === 'failed') effects.guilty.set(node.id, { code: 'CHECK_WRONG', by: check.by });
    if (was && check.status === 'expired' && isDecided(after)) {
      send(effects, node.id, { type: 'revoked', workUnitId: after.id, reason: 'not-needed' });
    }
    // Announced when it is paid, with the unit, or found to be wrong.
    if (check.reward !== undefined) {
      const credits = creditsOf(stageOf(job).creditsPerUnit, checkWeight(check.chunks.length, count));
      send(effects, node.id, { ...about(job, after), verdict: 'agreed', credits, reward: check.reward });
      // Or who finds more to check than to compute would never be known.
      identityOf(state, node).verified += check.chunks.length / count;
    } else if (check.status === 'failed') {
      const reason = toWire(new ReckonError('CHECK_WRONG', { workUnitId: after.id }));
      send(effects, node.id, { ...about(job, after), verdict: 'disagreed', credits: 0, reward: 0n, reason });
    }
  }
}

const about = (job: Job, unit: WorkUnit) => ({ type: 'verdict' as const, workUnitId: unit.id, jobId: job.id });

/** What a node is told of a decided replica. */
export function verdictOf(job: Job, unit: WorkUnit, replica: Replica) {
  const verdict =
    replica.status === 'agreed' || replica.status === 'disagreed'
      ? replica.status
      : replica.reason === 'deadline'
        ? ('expired' as const)
        : ('not-needed' as const);
  const credits = verdict === 'agreed' ? stageOf(job).creditsPerUnit : 0;
  const { reason } = replica;
  const why =
    verdict === 'disagreed' && reason !== undefined && isErrorCode(reason)
      ? // Every code a replica ends with names its unit and nothing else.
        { reason: toWire(new ReckonError(reason, { workUnitId: unit.id })) }
      : {};
  return {
    type: 'verdict' as const,
    workUnitId: unit.id,
    jobId: job.id,
    verdict,
    credits,
    reward: replica.reward ?? 0n,
    ...why,
  };
}
