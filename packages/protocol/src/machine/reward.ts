import type { NodeId } from '../base/ids.ts';
import type { Millis, Wei } from '../base/units.ts';

/** The protocol's fee of a price, rounded down. `feeBps` in hundredths of a percent. */
export const feeOf = (price: Wei, feeBps: number): Wei => (price * BigInt(feeBps)) / 10_000n;

/**
 * Splits an accepted unit's price, less the fee, among the nodes that agreed: equal shares, the remainder to the earliest
 * reveal (ties to the lowest id), so that shares and fee add up to the price exactly.
 */
export function splitReward(
  price: Wei,
  feeBps: number,
  agreed: readonly { nodeId: NodeId; revealedAt: Millis }[],
): { fee: Wei; shares: Map<NodeId, Wei> } {
  if (agreed.length === 0) return { fee: 0n, shares: new Map() };
  const fee = feeOf(price, feeBps);
  const pool = price - fee;
  const share = pool / BigInt(agreed.length);
  const remainder = pool - share * BigInt(agreed.length);
  const order = [...agreed].sort((a, b) => a.revealedAt - b.revealedAt || (a.nodeId < b.nodeId ? -1 : 1));
  return { fee, shares: new Map(order.map(({ nodeId }, i) => [nodeId, i === 0 ? share + remainder : share])) };
}
