import type { Hash, NodeId } from '../base/ids.ts';

/** One result by its tag, with the other tags its kernel accepts as the same. */
export interface Vote {
  nodeId: NodeId;
  tag: Hash;
  near: readonly Hash[];
}

export interface Group {
  /** The candidate the group is the ball around. */
  tag: Hash;
  members: readonly NodeId[];
}

/**
 * The groups of agreeing votes, largest first. Tolerance is not transitive (a≈b, b≈c, a≉c), so a group is the ball around
 * one candidate: everyone whose tag equals it or is near it. Ties go to the lowest tag, so the order of votes does not
 * matter. Nearness counts in both directions. Groups with the same members as an earlier one are left out.
 */
export function groupVotes(votes: readonly Vote[]): Group[] {
  const near = new Map<Hash, Set<Hash>>();
  const link = (a: Hash, b: Hash) => {
    const set = near.get(a) ?? new Set([a]);
    near.set(a, set.add(b));
  };
  for (const vote of votes) {
    link(vote.tag, vote.tag);
    for (const other of vote.near) {
      link(vote.tag, other);
      link(other, vote.tag);
    }
  }
  const groups = [...new Set(votes.map((vote) => vote.tag))].map((tag): Group => {
    const ball = near.get(tag) as Set<Hash>;
    return { tag, members: votes.flatMap((vote) => (ball.has(vote.tag) ? [vote.nodeId] : [])).sort() };
  });
  groups.sort((a, b) => b.members.length - a.members.length || (a.tag < b.tag ? -1 : 1));
  const seen = new Set<string>();
  return groups.filter(({ members }) => {
    const key = members.join();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
