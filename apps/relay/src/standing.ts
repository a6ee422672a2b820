import type { NodeId } from '@reckon/protocol/base/ids';
import type { Clock } from '@reckon/protocol/base/ports';
import { identityOf, isBarred, quotaLeft } from '@reckon/protocol/machine/identity';
import type { ShardState } from '@reckon/protocol/machine/state';
import { decay, FIRST_QUOTA, mean, newReputation } from '@reckon/protocol/trust/reputation';
import type { Standing } from '@reckon/protocol/wire/http-trust';

/** How the network regards the node's identity now: its wallet, or the node itself. */
export function standingIn(state: ShardState, clock: Clock): (nodeId: NodeId) => Standing {
  return (nodeId) => {
    const { holdChecked = 0, barredMs = 0 } = state.constants?.trust ?? {};
    const now = Math.max(state.now, clock.now());
    const node = state.nodes.get(nodeId);
    const nothing = { holdUntil: holdChecked, reputation: mean(newReputation(now)), barredUntil: null };
    if (node === undefined) return { ...nothing, verified: 0, quotaLeft: FIRST_QUOTA };
    const identity = identityOf(state, node);
    const means = [...identity.accounts].flatMap((key) => {
      const account = state.accounts.get(key);
      return account === undefined ? [] : [mean(decay(account.reputation, now))];
    });
    return {
      ...nothing,
      // Checks count as the share of a unit that was recomputed.
      verified: Math.floor(identity.verified),
      quotaLeft: quotaLeft(identity, now),
      ...(means.length === 0 ? {} : { reputation: means.reduce((sum, value) => sum + value, 0) / means.length }),
      ...(isBarred(identity, now, barredMs) ? { barredUntil: (identity.caughtAt ?? 0) + barredMs } : {}),
    };
  };
}
