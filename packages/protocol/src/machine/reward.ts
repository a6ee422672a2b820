import type { NodeId } from '../base/ids.ts';
import type { Credits, Millis, Wei } from '../base/units.ts';

/** The protocol's fee of a price, rounded down. `feeBps` in hundredths of a percent. */
export const feeOf = (price: Wei, feeBps: number): Wei => (price * BigInt(feeBps)) / 10_000n;

/** Weight of a whole result; the work of a checker weighs as its share of the unit's chunks. */
export const WHOLE_WEIGHT = 1000;

export const checkWeight = (chunks: number, of: number): number =>
  Math.max(1, Math.round((WHOLE_WEIGHT * chunks) / of));

/** Points for work of this weight on a unit worth `credits`. */
export const creditsOf = (credits: Credits, weight: number): Credits =>
  Math.round((credits * Math.min(weight, WHOLE_WEIGHT)) / WHOLE_WEIGHT);

export interface RewardPart {
  nodeId: NodeId;
  /** Whole number; `WHOLE_WEIGHT` for a result. */
  weight: number;
  /** When it was brought. */
  at: Millis;
}

/**
 * Splits an accepted unit's price, less the fee, by weight among the nodes that agreed or checked; the remainder goes to
 * the earliest (ties to the lowest id), so that shares and fee add up to the price exactly.
 */
export function splitReward(
  price: Wei,
  feeBps: number,
  parts: readonly RewardPart[],
): { fee: Wei; shares: Map<NodeId, Wei> } {
  if (parts.length === 0) return { fee: 0n, shares: new Map() };
  const fee = feeOf(price, feeBps);
  const pool = price - fee;
  const total = parts.reduce((sum, part) => sum + BigInt(part.weight), 0n);
  const order = [...parts].sort((a, b) => a.at - b.at || (a.nodeId < b.nodeId ? -1 : 1));
  const shares = new Map<NodeId, Wei>();
  let left = pool;
  for (const { nodeId, weight } of order) {
    const share = (pool * BigInt(weight)) / total;
    shares.set(nodeId, (shares.get(nodeId) ?? 0n) + share);
    left -= share;
  }
  const first = (order[0] as RewardPart).nodeId;
  shares.set(first, (shares.get(first) ?? 0n) + left);
  return { fee, shares };
}
