import type { BlobDigest, NodeId, ResultDigest } from '../base/ids.ts';

/** One revealed result, with the other digests its kernel accepts as the same. */
export interface Vote {
  nodeId: NodeId;
  digest: ResultDigest;
  near: readonly BlobDigest[];
}

export interface Group {
  /** The candidate the group is the ball around. */
  digest: ResultDigest;
  members: readonly NodeId[];
}

/**
 * The largest group of agreeing votes. Tolerance is not transitive (a≈b, b≈c, a≉c), so a group is the ball around one
 * candidate: everyone whose digest equals it or is near it. Most members wins, ties go to the lowest digest, so the order
 * of votes does not matter. Nearness counts in both directions. Undefined without votes.
 */
export function largestGroup(votes: readonly Vote[]): Group | undefined {
  const near = new Map<ResultDigest, Set<ResultDigest>>();
  const link = (a: ResultDigest, b: ResultDigest) => {
    const set = near.get(a) ?? new Set([a]);
    near.set(a, set.add(b));
  };
  for (const vote of votes) {
    link(vote.digest, vote.digest);
    for (const other of vote.near) {
      link(vote.digest, other);
      link(other, vote.digest);
    }
  }
  let best: Group | undefined;
  for (const digest of new Set(votes.map((vote) => vote.digest))) {
    const ball = near.get(digest) as Set<ResultDigest>;
    const members = votes.filter((vote) => ball.has(vote.digest)).map((vote) => vote.nodeId);
    const wins =
      best === undefined ||
      members.length > best.members.length ||
      (members.length === best.members.length && digest < best.digest);
    if (wins) best = { digest, members };
  }
  return best && { ...best, members: [...best.members].sort() };
}
