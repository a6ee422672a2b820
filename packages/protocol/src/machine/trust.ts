import type { ErrorCode } from '../base/error-codes.ts';
import type { NodeId } from '../base/ids.ts';
import { ReckonError, toWire } from '../base/errors.ts';
import { toIsoTime } from '../base/time.ts';
import { discredit, shareOf } from './account.ts';
import type { Judge } from './decide.ts';
import { type Effects, send } from './effects.ts';
import { identityIdOf, identityOf, isBarred, noteQuota } from './identity.ts';
import { settleJob } from './settle-job.ts';
import { judgeTerms } from './stage.ts';
import type { Identity, Job, NodeRecord, ShardState, WorkUnit } from './state.ts';
import { applyUnit } from './unit-update.ts';
import { stepWorkUnit, type WorkUnitEvent } from './work-unit.ts';

/** What a job's units are decided by. */
export const judgeOf = (state: ShardState, job: Job): Judge => ({
  ...judgeTerms(state, job),
  share: (nodeId, by) => shareOf(state, job, nodeId, by),
});

/** Steps a unit and puts it in its place; what is ignored changes nothing. */
export function stepUnit(state: ShardState, job: Job, unit: WorkUnit, event: WorkUnitEvent, effects: Effects): boolean {
  const step = stepWorkUnit(unit, event, judgeOf(state, job));
  if (step.ignored !== undefined) return false;
  if (step.unit === unit) return true;
  applyUnit(state, job, unit, step.unit, effects);
  settleJob(state, job, effects);
  return true;
}

function* placed(state: ShardState, ids: Iterable<WorkUnit['id']>): Generator<{ job: Job; unit: WorkUnit }> {
  for (const id of [...ids]) {
    const place = state.units.get(id);
    const job = place && state.jobs.get(place.jobId);
    const unit = place && job?.units[place.index];
    if (job !== undefined && unit !== undefined) yield { job, unit };
  }
}

/** More is known of an account: results that waited for it may be accepted now. */
function reviewAccount(state: ShardState, key: string, effects: Effects): void {
  const account = state.accounts.get(key);
  if (account === undefined) return;
  for (const { job, unit } of placed(state, account.waiting)) stepUnit(state, job, unit, { type: 'reviewed' }, effects);
}

/** Rewards that were held back go to whoever paid them. */
function forfeit(state: ShardState, node: NodeRecord): void {
  for (const [requester, amount] of node.unsettled) {
    state.refunds.set(requester, (state.refunds.get(requester) ?? 0n) + amount);
  }
  node.unsettled.clear();
  node.settled = node.sealed;
}

/** Ends all that a caught identity's node has in hand. */
function endWork(state: ShardState, node: NodeRecord, effects: Effects): void {
  for (const { job, unit } of placed(state, node.held.keys())) {
    const own = unit.replicas.find((replica) => replica.nodeId === node.id);
    if (own?.status === 'revealed') {
      state.totals.voided += 1;
      stepUnit(state, job, unit, { type: 'condemned', nodeId: node.id, reason: 'RESULT_VOIDED' }, effects);
    } else {
      stepUnit(state, job, unit, { type: 'failed', nodeId: node.id, code: 'NODE_BARRED' }, effects);
    }
  }
  for (const { job, unit } of placed(state, node.checking.keys())) {
    stepUnit(state, job, unit, { type: 'check-ended', nodeId: node.id }, effects);
  }
}

/**
 * Somebody brought something wrong: the identity gets no work for a long time, its results that are not accepted yet are
 * void, and its rewards that were held back are forfeit.
 */
function catchIdentity(state: ShardState, identity: Identity, code: ErrorCode, effects: Effects): void {
  const { barredMs } = judgeConstants(state);
  const already = isBarred(identity, state.now, barredMs);
  identity.caughtAt = state.now;
  if (!already) state.totals.caught += 1;
  noteQuota(identity, 'wrong');
  for (const key of identity.accounts) {
    const account = state.accounts.get(key);
    if (account !== undefined) discredit(account, state.now);
  }
  const until = toIsoTime(Math.floor((state.now + barredMs) / 1000));
  for (const node of [...state.nodes.values()]) {
    if (identityIdOf(state, node) !== identity.id) continue;
    // It stays caught when its delegation ends and it stands for itself again.
    const own = state.identities.get(node.id);
    if (own !== undefined) own.caughtAt = state.now;
    forfeit(state, node);
    endWork(state, node, effects);
    effects.changes.push({ type: 'node', nodeId: node.id });
    const error = toWire(new ReckonError('NODE_BARRED', { reason: code, until }));
    if (node.left === undefined) send(effects, node.id, { type: 'refused', error, fatal: false });
  }
}

/** The identity of whoever was caught, and the one it had when it did it: a wallet is not cleared by leaving it in time. */
function* culprits(state: ShardState, nodeId: NodeId, by: string | undefined): Generator<Identity> {
  const node = state.nodes.get(nodeId);
  const now = node && identityOf(state, node);
  if (now !== undefined) yield now;
  const then = by === undefined || by === now?.id ? undefined : state.identities.get(by);
  if (then !== undefined) yield then;
}

const judgeConstants = (state: ShardState) => ({ barredMs: state.constants?.trust.barredMs ?? 0 });

/** Draws the consequences of what a step has found out, until there are none left. */
export function settleTrust(state: ShardState, effects: Effects): void {
  while (effects.guilty.size > 0 || effects.review.size > 0) {
    const guilty = [...effects.guilty];
    const review = [...effects.review];
    effects.guilty.clear();
    effects.review.clear();
    for (const [nodeId, { code, by }] of guilty) {
      for (const identity of culprits(state, nodeId, by)) catchIdentity(state, identity, code, effects);
    }
    for (const key of review) reviewAccount(state, key, effects);
  }
}
