import { decay } from '../trust/reputation.ts';
import { accountKey } from './account.ts';
import { enterIdentity } from './identity.ts';
import type { Account, Identity, NodeRecord, ShardState } from './state.ts';

function mergeAccounts(from: Account, into: Account, at: number): void {
  into.results += from.results;
  into.checked += from.checked;
  const [a, b] = [decay(from.reputation, at), decay(into.reputation, at)];
  into.reputation = { alpha: a.alpha + b.alpha, beta: a.beta + b.beta, at };
  for (const id of from.waiting) into.waiting.add(id);
}

/**
 * A node now works for a wallet: what is known of the node is added to what is known of the wallet, and a fault of either
 * stays. So linking a wallet neither loses a good name nor washes off a bad one.
 */
export function moveIdentity(state: ShardState, node: NodeRecord, before: Identity): void {
  const after = enterIdentity(state, node);
  if (after.id === before.id) return;
  const caughtAt = Math.max(after.caughtAt ?? 0, before.caughtAt ?? 0);
  if (caughtAt > 0) after.caughtAt = caughtAt;
  // A wallet keeps what was its own when a node leaves it for another.
  if (before.id !== node.id) return;
  const { length } = before.id;
  for (const key of before.accounts) {
    const from = state.accounts.get(key);
    if (from === undefined) continue;
    const [kernel, deviceClass] = key.slice(length + 1).split(' ') as [string, string];
    const movedKey = accountKey(after.id, kernel, deviceClass);
    const into = state.accounts.get(movedKey);
    if (into === undefined) {
      state.accounts.set(movedKey, { ...from, key: movedKey, identity: after.id });
    } else mergeAccounts(from, into, state.now);
    after.accounts.add(movedKey);
    state.accounts.delete(key);
  }
  before.accounts.clear();
  after.verified += before.verified;
  after.leases += before.leases;
  before.verified = 0;
}
