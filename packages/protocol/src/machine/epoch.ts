import { fromHex, toHex } from '../base/bytes.ts';
import type { Address, NodeId } from '../base/ids.ts';
import type { Wei } from '../base/units.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import type { WorkReceipt } from '../model/receipt.ts';
import { secretCommitment } from '../trust/beacon.ts';
import { claimsRoot, orderClaims, receiptsRoot } from './claims.ts';
import type { StepResult } from './commands.ts';
import { createEffects, type Effects, ignore } from './effects.ts';
import { identityOf, isBarred } from './identity.ts';
import { dropJob } from './job.ts';
import { isEnded } from './settle-job.ts';
import type { Epoch, Job, JobCharge, NodeRecord, ShardState } from './state.ts';

/** Most jobs one epoch charges; bounds the gas of posting it. The rest waits for the next epoch. */
export const MAX_CHARGES = 200;

/** What the next epoch takes from a job, if anything. */
export function chargeOf(job: Job): JobCharge | undefined {
  const amount = job.spent - job.charged;
  const ended = isEnded(job.status) && job.closedIn === undefined && job.funded > 0n;
  // What is decided and not yet opened is still to be paid.
  const closing = ended && !job.units.some((unit) => unit.decided !== undefined && unit.status === 'issued');
  return amount > 0n || closing ? { jobId: job.id, amount, closing } : undefined;
}

/** Rewards of sealed epochs that a linked wallet can now have; those of an identity too new to be known are held back. */
export function owedTo(state: ShardState, node: NodeRecord, at: number): Wei {
  if (node.payout === undefined || node.payout.expiry * 1000 <= at) return 0n;
  const identity = state.identities.get(node.payout.address);
  const known = (identity?.verified ?? 0) >= (state.constants?.trust.holdChecked ?? 0);
  return known ? node.sealed - node.settled : 0n;
}

/**
 * Closes the open epoch. Conservation: what it charges the jobs is exactly its receipts' rewards and the fees, and the
 * cumulative claims never exceed all that was ever charged. Rewards of nodes without a linked wallet stay with the node
 * until one is linked (docs/adr/0006).
 */
export function sealEpoch(state: ShardState, event: ShardEventOf<'epoch.sealed'>): StepResult | Effects {
  if (event.epoch !== state.lastEpoch + 1) return ignore('epoch-out-of-order');
  const revealed = toHex(secretCommitment(fromHex(event.secret)));
  if (revealed !== state.secretCommitment) return ignore('other-secret');
  const charges = [...state.jobs.values()].flatMap((job) => chargeOf(job) ?? []).slice(0, MAX_CHARGES);
  const owed = [...state.nodes.values()].some((node) => owedTo(state, node, event.at) > 0n);
  if (charges.length === 0 && !owed && state.refunds.size === 0) return ignore('nothing-to-seal');
  state.secretCommitment = event.nextCommitment;
  const effects = createEffects();
  const charged = new Map(charges.map((charge) => [charge.jobId, charge]));
  const receipts: WorkReceipt[] = [];
  const kept: WorkReceipt[] = [];
  for (const receipt of state.openReceipts) {
    if (charged.has(receipt.jobId)) receipts.push({ ...receipt, epoch: event.epoch });
    else kept.push(receipt);
  }
  state.openReceipts = kept;
  const touched = sealReceipts(state, receipts);
  for (const charge of charges) applyCharge(state, charge, event.epoch);
  const fees = charges.reduce((sum, charge) => sum + charge.amount, 0n) - sumRewards(receipts);
  const { operator } = state.constants ?? {};
  if (operator !== undefined && fees > 0n) add(state.cumulative, operator, fees);
  for (const node of state.nodes.values()) {
    const amount = owedTo(state, node, event.at);
    if (amount === 0n || node.payout === undefined) continue;
    add(state.cumulative, node.payout.address, amount);
    node.settled += amount;
    node.unsettled.clear();
    touched.add(node.id);
  }
  for (const [requester, amount] of state.refunds) add(state.cumulative, requester, amount);
  state.refunds.clear();
  const claims = orderClaims(state.cumulative);
  const epoch: Epoch = {
    number: event.epoch,
    status: 'sealed',
    sealedAt: event.at,
    receipts,
    claims,
    charges,
    totalCumulative: claims.reduce((sum, claim) => sum + claim.cumulative, 0n),
    claimsRoot: claimsRoot(claims),
    receiptsRoot: receiptsRoot(receipts),
    journalRoot: event.journalRoot,
  };
  state.epochs.push(epoch);
  state.lastEpoch = event.epoch;
  for (const nodeId of touched) effects.changes.push({ type: 'node', nodeId });
  for (const { jobId } of charges) effects.changes.push({ type: 'job', jobId });
  effects.changes.push({ type: 'epoch', epoch: epoch.number });
  effects.commands.push(postCommand(epoch));
  return effects;
}

/** What the settler posts for a sealed epoch; also rebuilt after a restart. */
export const postCommand = (epoch: Epoch) => ({
  type: 'post-epoch' as const,
  epoch: epoch.number,
  claimsRoot: epoch.claimsRoot,
  receiptsRoot: epoch.receiptsRoot,
  journalRoot: epoch.journalRoot,
  totalCumulative: epoch.totalCumulative,
  charges: epoch.charges,
});

const sumRewards = (receipts: readonly WorkReceipt[]): Wei =>
  receipts.reduce((sum, receipt) => sum + receipt.reward, 0n);

const add = (sums: Map<Address, Wei>, account: Address, amount: Wei): void =>
  void sums.set(account, (sums.get(account) ?? 0n) + amount);

/** Sealed rewards of a caught identity go back to who pays them. */
function sealReceipts(state: ShardState, receipts: readonly WorkReceipt[]): Set<NodeId> {
  const touched = new Set<NodeId>();
  const { barredMs = 0 } = state.constants?.trust ?? {};
  for (const { nodeId, jobId, reward } of receipts) {
    const node = state.nodes.get(nodeId);
    const requester = state.jobs.get(jobId)?.order.requester;
    touched.add(nodeId);
    if (node === undefined || requester === undefined) continue;
    node.sealed += reward;
    if (isBarred(identityOf(state, node), state.now, barredMs)) {
      node.settled += reward;
      add(state.refunds, requester, reward);
    } else add(node.unsettled, requester, reward);
  }
  return touched;
}

function applyCharge(state: ShardState, charge: JobCharge, epoch: number): void {
  const job = state.jobs.get(charge.jobId);
  if (job === undefined) return;
  job.charged += charge.amount;
  if (charge.closing) job.closedIn = epoch;
}

export function notePosted(state: ShardState, event: ShardEventOf<'epoch.posted'>): StepResult | Effects {
  const epoch = state.epochs.find((known) => known.number === event.epoch);
  if (epoch === undefined || epoch.status === 'final') return ignore('epoch-unknown');
  if (epoch.status === 'posted' && epoch.tx === event.tx) return ignore('epoch-known');
  const effects = createEffects();
  epoch.status = 'posted';
  epoch.tx = event.tx;
  epoch.finalAt = event.finalAt;
  effects.changes.push({ type: 'epoch', epoch: epoch.number });
  return effects;
}

/** A final epoch cannot change any more; it and the jobs it closed leave the hot state, the read model keeps them. */
export function finishEpoch(state: ShardState, event: ShardEventOf<'epoch.final'>): StepResult | Effects {
  const epoch = state.epochs.find((known) => known.number === event.epoch);
  if (epoch?.status !== 'posted') return ignore('epoch-not-posted');
  const effects = createEffects();
  epoch.status = 'final';
  effects.changes.push({ type: 'epoch', epoch: epoch.number });
  return effects;
}

/** Forgets final epochs and the jobs they closed. Called by the next step, so that projections saw the final state. */
export function dropFinished(state: ShardState): void {
  const final = state.epochs.filter((epoch) => epoch.status === 'final').map((epoch) => epoch.number);
  if (final.length === 0) return;
  state.epochs = state.epochs.filter((epoch) => epoch.status !== 'final');
  for (const job of [...state.jobs.values()]) {
    if (job.closedIn !== undefined && final.includes(job.closedIn)) dropJob(state, job.id);
  }
}
