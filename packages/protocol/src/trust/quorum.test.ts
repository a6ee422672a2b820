import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hash, NodeId } from '../base/ids.ts';
import { groupVotes, type Vote } from './quorum.ts';

const tagOf = (value: number): Hash => `0x${value.toString(16).padStart(64, '0')}`;
const nodeOf = (value: number) => `0x${value.toString(16).padStart(40, '0')}` as NodeId;

/** Votes on numbers that agree within 1: near by distance, which is not transitive. */
const votes = fc.array(fc.nat(6), { minLength: 1, maxLength: 8 }).map((values) =>
  values.map(
    (value, i): Vote => ({
      nodeId: nodeOf(i + 1),
      tag: tagOf(value),
      near: [value - 1, value + 1].filter((other) => values.includes(other)).map(tagOf),
    }),
  ),
);

test('the groups do not depend on the order of votes', () => {
  fc.assert(
    fc.property(
      votes.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        expect(groupVotes(shuffled)).toEqual(groupVotes(list));
      },
    ),
  );
});

test('each group is the ball around its tag, largest first, and none is there twice', () => {
  fc.assert(
    fc.property(votes, (list) => {
      const groups = groupVotes(list);
      const ball = (center: number) =>
        list.filter(({ tag }) => Math.abs(Number(tag) - center) <= 1).map(({ nodeId }) => nodeId);
      for (const { tag, members } of groups) expect(members).toEqual(ball(Number(tag)).sort());
      const sizes = groups.map(({ members }) => members.length);
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      expect(sizes[0]).toBe(Math.max(...list.map(({ tag }) => ball(Number(tag)).length)));
      const keys = groups.map(({ members }) => members.join());
      expect(new Set(keys).size).toBe(keys.length);
      // Nobody is left out.
      expect(new Set(groups.flatMap(({ members }) => members)).size).toBe(list.length);
    }),
  );
});

test('a chain of near results is not one group: a≈b and b≈c but not a≈c', () => {
  const chain: Vote[] = [0, 1, 2, 3].map((value) => ({
    nodeId: nodeOf(value + 1),
    tag: tagOf(value),
    near: [value - 1, value + 1].filter((other) => other >= 0 && other <= 3).map(tagOf),
  }));
  expect(groupVotes(chain)[0]).toEqual({ tag: tagOf(1), members: [1, 2, 3].map(nodeOf) });
});

test('nearness noted by only one side counts for both', () => {
  const [group] = groupVotes([
    { nodeId: nodeOf(1), tag: tagOf(5), near: [] },
    { nodeId: nodeOf(2), tag: tagOf(4), near: [tagOf(5)] },
  ]);
  expect(group?.members).toHaveLength(2);
});

test('ties go to the lowest tag; no votes make no group', () => {
  const tie = groupVotes([
    { nodeId: nodeOf(1), tag: tagOf(9), near: [] },
    { nodeId: nodeOf(2), tag: tagOf(3), near: [] },
  ]);
  expect(tie.map(({ tag }) => tag)).toEqual([tagOf(3), tagOf(9)]);
  expect(groupVotes([])).toEqual([]);
});
