import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BlobDigest, NodeId } from '../base/ids.ts';
import { largestGroup, type Vote } from './quorum.ts';

const digestOf = (value: number) => `0x${value.toString(16).padStart(64, '0')}` as BlobDigest;
const nodeOf = (value: number) => `0x${value.toString(16).padStart(40, '0')}` as NodeId;

/** Votes on numbers that agree within 1: near by distance, which is not transitive. */
const votes = fc.array(fc.nat(6), { minLength: 1, maxLength: 8 }).map((values) =>
  values.map(
    (value, i): Vote => ({
      nodeId: nodeOf(i + 1),
      digest: digestOf(value),
      near: [value - 1, value + 1].filter((other) => values.includes(other)).map(digestOf),
    }),
  ),
);

test('the group does not depend on the order of votes', () => {
  fc.assert(
    fc.property(
      votes.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        expect(largestGroup(shuffled)).toEqual(largestGroup(list));
      },
    ),
  );
});

test('no candidate has a larger ball than the winner', () => {
  fc.assert(
    fc.property(votes, (list) => {
      const winner = largestGroup(list);
      const values = list.map((vote) => Number(vote.digest));
      const sizes = values.map((center) => values.filter((value) => Math.abs(value - center) <= 1).length);
      expect(winner?.members.length).toBe(Math.max(...sizes));
    }),
  );
});

test('a chain of near results is not one group: a≈b and b≈c but not a≈c', () => {
  const chain: Vote[] = [0, 1, 2, 3].map((value) => ({
    nodeId: nodeOf(value + 1),
    digest: digestOf(value),
    near: [value - 1, value + 1].filter((other) => other >= 0 && other <= 3).map(digestOf),
  }));
  expect(largestGroup(chain)).toEqual({ digest: digestOf(1), members: [1, 2, 3].map(nodeOf) });
});

test('nearness noted by only one side counts for both', () => {
  const group = largestGroup([
    { nodeId: nodeOf(1), digest: digestOf(5), near: [] },
    { nodeId: nodeOf(2), digest: digestOf(4), near: [digestOf(5)] },
  ]);
  expect(group?.members).toHaveLength(2);
});

test('ties go to the lowest digest; no votes make no group', () => {
  expect(
    largestGroup([
      { nodeId: nodeOf(1), digest: digestOf(9), near: [] },
      { nodeId: nodeOf(2), digest: digestOf(3), near: [] },
    ])?.digest,
  ).toBe(digestOf(3));
  expect(largestGroup([])).toBeUndefined();
});
