import type { JobSummary, LiveEvent, UnitCells } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { makeSpec } from '../testing/requester.ts';
import { testKernels } from '../testing/test-kernel.ts';
import { createWorld } from '../testing/world.ts';

test('of a running unit one event is told, however many compute it, and another when it is final', async () => {
  const world = await createWorld();
  const { jobId } = await world.post(makeSpec(testKernels.refs[0] as never, 1));
  const told: LiveEvent[] = [];
  world.live.subscribe(new Set([`job:${jobId}` as const]), (event) => told.push(event));
  const units = () => told.filter((event) => event.type === 'unit');
  const nodes = [await world.join(1, 1), await world.join(2, 1)];
  const leases = await Promise.all(nodes.map((node) => node.next('lease')));
  nodes[0]?.finish(leases[0] as never, 'right');
  await nodes[0]?.next('stored');
  await world.settled();
  expect(units()).toEqual([expect.objectContaining({ status: 'issued', leased: 1, revealed: 0, digest: null })]);
  nodes[1]?.finish(leases[1] as never, 'right');
  await nodes[1]?.next('verdict');
  await world.settled();
  expect(units()).toHaveLength(2);
  expect(units().at(-1)).toMatchObject({ status: 'accepted', leased: 0, revealed: 2, progress: 1 });
  expect(world.failures).toEqual([]);
});

test('under a policy with ε nothing tells that a unit is being computed, until it is final', async () => {
  const world = await createWorld();
  const policy = { kind: 'audit', epsilon: 0.4, maxReplicas: 4 } as const;
  const { jobId } = await world.post(makeSpec(testKernels.refs[0] as never, 2, { policy }));
  const told: LiveEvent[] = [];
  world.live.subscribe(new Set([`job:${jobId}` as const]), (event) => told.push(event));
  const ask = async <T>(path: string) => (await (await world.app.request(path)).json()) as T;
  const seen = async () => ({
    cells: (await ask<UnitCells>(`/api/jobs/${jobId}/units`)).cells,
    units: (await ask<JobSummary>(`/api/jobs/${jobId}`)).units,
  });
  await world.settled();
  const before = await seen();
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  await world.settled();
  expect(await seen()).toEqual(before);
  expect(told.filter((event) => event.type === 'unit')).toEqual([]);
  node.finish(lease, 'right');
  await node.next('verdict');
  await world.settled();
  expect((await seen()).cells.map(({ status }) => status).sort()).toEqual(['accepted', 'pending']);
  expect(told.filter((event) => event.type === 'unit')).toHaveLength(1);
});
