import type { JobSummary, NetworkSummary } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { lackOfNodes } from './run.ts';

const networkOf = (...online: number[]) =>
  ({
    nodes: online.map((count) => ({ kind: 'tab', deviceClass: 'cpu', online: count, busySlots: 0 })),
  }) as unknown as NetworkSummary;
const job = { policy: { kind: 'quorum', quorum: 2, maxReplicas: 5 } } as JobSummary;

test('says what a job waits for when fewer nodes are online than its verification needs', () => {
  expect(lackOfNodes(networkOf(1), job, 'http://relay')).toBe(
    '1 node is online and 2 are needed for a vote of 2 nodes: open http://relay and press Start, or run "npx reckon node" beside this.',
  );
  expect(lackOfNodes(networkOf(), job, 'http://relay')).toMatch(/^0 nodes are online/);
});

test('says nothing when there are enough', () => {
  expect(lackOfNodes(networkOf(1, 1), job, 'http://relay')).toBeUndefined();
});

test('a checked result needs its checker too', () => {
  const policy = { kind: 'sample', chunks: 16, checkers: 1, maxReplicas: 3 } as const;
  expect(lackOfNodes(networkOf(1), { policy } as JobSummary, 'http://relay')).toContain('2 are needed for a sample');
});
