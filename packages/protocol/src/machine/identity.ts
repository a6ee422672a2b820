import type { NodeId } from '../base/ids.ts';
import type { Millis } from '../base/units.ts';
import { FIRST_QUOTA, type Outcome, quotaAfter } from '../trust/reputation.ts';
import type { Identity, NodeRecord, ShardState } from './state.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Two unknown nodes that come within this time on alike devices are taken for one person. */
const TOGETHER_MS = 60_000;
/** With fewer checked results an identity is new. */
const NEW_BELOW = 10;

/** The wallet a node works for, or the node itself while it has none. */
export function identityIdOf(state: ShardState, node: NodeRecord): Identity['id'] {
  const { payout } = node;
  return payout !== undefined && payout.expiry * 1000 > state.now ? payout.address : node.id;
}

const newIdentity = (id: Identity['id'], at: Millis): Identity => ({
  id,
  firstSeenAt: at,
  quota: FIRST_QUOTA,
  day: 0,
  leasedToday: 0,
  leases: 0,
  verified: 0,
  accounts: new Set(),
});

/** To be read only: an identity that is not entered yet is a new one. */
export function identityOf(state: ShardState, node: NodeRecord): Identity {
  const id = identityIdOf(state, node);
  return state.identities.get(id) ?? newIdentity(id, state.now);
}

/** Enters the node's identity; called when it joins and when a wallet is linked. */
export function enterIdentity(state: ShardState, node: NodeRecord): Identity {
  const identity = identityOf(state, node);
  state.identities.set(identity.id, identity);
  return identity;
}

const dayOf = (at: Millis): number => Math.floor(at / DAY_MS);

/** How many leases the identity may still take today. */
export const quotaLeft = (identity: Identity, at: Millis): number =>
  identity.day === dayOf(at) ? Math.max(0, identity.quota - identity.leasedToday) : identity.quota;

export function noteLease(identity: Identity, at: Millis): void {
  const today = dayOf(at);
  if (identity.day !== today) {
    identity.day = today;
    identity.leasedToday = 0;
  }
  identity.leasedToday += 1;
  identity.leases += 1;
}

export function noteQuota(identity: Identity, outcome: Outcome): void {
  identity.quota = quotaAfter(identity.quota, outcome);
}

/** Whether it was caught and the time for that is not over. */
export const isBarred = (identity: Identity, at: Millis, barredMs: Millis): boolean =>
  identity.caughtAt !== undefined && at < identity.caughtAt + barredMs;

/** One class of device and program, as far as nodes say. */
const isAlike = (a: NodeRecord, b: NodeRecord): boolean =>
  a.agent === b.agent &&
  a.kind === b.kind &&
  a.capabilities.device === b.capabilities.device &&
  a.capabilities.workers === b.capabilities.workers &&
  a.capabilities.memoryMb === b.capabilities.memoryMb;

/**
 * Whether two nodes are likely one person's, who would then agree with themself: one wallet, one network, or two newcomers
 * on alike devices at about the same time. Nodes of a private network, whose addresses say nothing, are told apart by
 * wallet alone.
 */
export function isLikelySame(state: ShardState, a: NodeRecord, b: NodeRecord): boolean {
  if (a.id === b.id || identityIdOf(state, a) === identityIdOf(state, b)) return true;
  if (a.network === null || b.network === null) return false;
  if (a.network === b.network) return true;
  const isNew = (node: NodeRecord) => identityOf(state, node).verified < NEW_BELOW;
  if (Math.abs(a.joinedAt - b.joinedAt) > TOGETHER_MS || !isNew(a) || !isNew(b)) return false;
  return isAlike(a, b);
}

/** Whether the node, or somebody likely to be the same person, is among `others`. */
export function isAmong(state: ShardState, node: NodeRecord, others: Iterable<NodeId>): boolean {
  for (const id of others) {
    const other = state.nodes.get(id);
    if (id === node.id || (other !== undefined && isLikelySame(state, node, other))) return true;
  }
  return false;
}
