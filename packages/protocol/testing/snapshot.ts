import { expect } from 'vitest';
import { createShard, stepShard } from '../src/machine/shard.ts';
import type { ShardState } from '../src/machine/state.ts';
import { decodeEntry, encodeEntry } from '../src/journal/entry-codec.ts';
import type { ShardEvent } from '../src/journal/entry.ts';

/** A state as text: maps and sets as arrays, bigints as strings. */
export const snapshot = (state: ShardState): string =>
  JSON.stringify(state, (_key, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Map || value instanceof Set) return [...value];
    return value;
  });

/** Folds a journal, read from its bytes as they are stored, into a second state, which must be the same. */
export function expectReplay(journal: readonly ShardEvent[], state: ShardState): void {
  const replayed = createShard();
  for (const [index, event] of journal.entries()) {
    const spec = event.type === 'job.posted' ? event.spec : undefined;
    const stored = decodeEntry(encodeEntry(event), index, () => spec as NonNullable<typeof spec>) as ShardEvent;
    expect(stepShard(replayed, stored).ignored).toBeUndefined();
  }
  expect(snapshot(replayed)).toBe(snapshot(state));
}

/** That the money adds up; `charged` is all that sealed epochs have charged, of every job there ever was. */
export function expectConserved(state: ShardState, charged: bigint): void {
  const sum = (values: Iterable<bigint>) => [...values].reduce((a, b) => a + b, 0n);
  const nodes = [...state.nodes.values()];
  for (const node of nodes) {
    expect(node.settled <= node.sealed && node.sealed <= node.earned).toBe(true);
    // What is held back for a node is known by who paid it.
    expect(sum(node.unsettled.values())).toBe(node.sealed - node.settled);
  }
  const held = sum(nodes.map((node) => node.sealed - node.settled));
  expect(sum(state.cumulative.values()) + sum(state.refunds.values()) + held).toBe(charged);
  const open = sum(state.openReceipts.map(({ reward }) => reward));
  expect(sum(nodes.map(({ sealed }) => sealed)) + open).toBe(sum(nodes.map(({ earned }) => earned)));
  expect(state.totals.earned).toBe(sum(nodes.map(({ earned }) => earned)));
  for (const job of state.jobs.values()) {
    const price = job.spec.stages[0]?.pricePerUnit ?? 0n;
    expect(job.spent).toBe(price * BigInt(job.counts.accepted));
    expect(job.spent).toBeLessThanOrEqual(job.order.budget);
    expect(job.charged).toBeLessThanOrEqual(job.spent);
    expect(job.counts.accepted).toBe(job.units.filter((unit) => unit.status === 'accepted').length);
    expect(sum(Object.values(job.counts).map(BigInt))).toBe(BigInt(job.units.length));
  }
}
