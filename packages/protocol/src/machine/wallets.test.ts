import { expect, test } from 'vitest';
import { address, delegated } from '../../testing/shard-world.ts';
import {
  CERTIFIED_FACTS,
  CHUNKED_FACTS,
  createSmallWorld,
  foundAt,
  type SmallWorld,
} from '../../testing/small-world.ts';
import { expectReplay } from '../../testing/snapshot.ts';
import type { NodeId } from '../base/ids.ts';
import { assign } from './assign.ts';
import { identityOf } from './identity.ts';
import type { NodeRecord } from './state.ts';

/** What a node gains and loses when it works for another wallet than before. */
const CERTIFIED = { kind: 'certificate', maxReplicas: 3 } as const;

const caughtAt = (world: SmallWorld, nodeId: NodeId) =>
  identityOf(world.state, world.state.nodes.get(nodeId) as NodeRecord).caughtAt;
const offered = (world: SmallWorld, nodeId: NodeId) => assign(world.state, nodeId, 1, 0).length;

test('a wallet is caught for what its node sealed, although the node left it in time', () => {
  const world = createSmallWorld({ job: { units: 9, policy: CERTIFIED, kernel: CERTIFIED_FACTS }, nodes: 3 });
  const [one, two, three] = world.ids as [NodeId, NodeId, NodeId];
  world.step(delegated(one, address(9)));
  world.step(delegated(two, address(9)));
  world.ask(one);
  const [index] = world.leases(one) as [number];
  world.driver.commit(one, world.idOf(index), foundAt(index, [1]), world.state.now);
  world.step(delegated(one, address(10)));
  world.driver.reveal(one, world.idOf(index), world.state.now);
  expect([one, two].map((nodeId) => caughtAt(world, nodeId))).not.toContain(undefined);
  world.step(delegated(three, address(9)));
  expect([one, two, three].map((nodeId) => offered(world, nodeId))).toEqual([0, 0, 0]);
  expectReplay(world.events, world.state);
});

test.each([
  ['no wallet', undefined],
  ['another wallet', address(10)],
])('results that wait do not gain from a wallet with a good name, linked afterwards: %s before', (_, before) => {
  const policy = { kind: 'audit', epsilon: 0.02, maxReplicas: 5 } as const;
  const trust = { auditFloor: 0 };
  const world = createSmallWorld({ job: { units: 4, policy, kernel: CHUNKED_FACTS }, nodes: 4, trust });
  const [one, two, forger, four] = world.ids as [NodeId, NodeId, NodeId, NodeId];
  const work = (nodeId: NodeId): void => {
    world.ask(nodeId);
    for (const index of world.leases(nodeId)) if (world.unitAt(index).decided === undefined) world.bring(nodeId, index);
  };
  world.step(delegated(one, address(9)));
  if (before !== undefined) world.step(delegated(forger, before));
  world.ask(forger);
  expect(world.leases(forger)).toEqual([0]);
  world.bring(forger, 0, foundAt(0, [1]));
  for (const nodeId of [one, two, two]) work(nodeId);
  world.step(delegated(forger, address(9)));
  // The wallet's other node agrees with somebody, by which the wallet becomes credible.
  work(one);
  expect(world.state.totals.accepted).toBeGreaterThan(0);
  expect(world.unitAt(0).decided).toBeUndefined();
  for (const nodeId of [four, two, four]) work(nodeId);
  expect(caughtAt(world, forger)).toBeDefined();
  expect(world.unitAt(0)).toMatchObject({ status: 'accepted', canonical: foundAt(0).digest });
});
