import { expect, test } from 'vitest';
import { address, delegated, joined, nodeAt, sealed } from '../../testing/shard-world.ts';
import {
  CERTIFIED_FACTS,
  CHUNKED_FACTS,
  createSmallWorld,
  foundAt,
  type SmallWorld,
} from '../../testing/small-world.ts';
import { expectConserved, expectReplay } from '../../testing/snapshot.ts';
import type { NodeId } from '../base/ids.ts';
import { FIRST_QUOTA } from '../trust/reputation.ts';
import { assign } from './assign.ts';
import { identityOf } from './identity.ts';
import type { NodeRecord } from './state.ts';

/** What becomes of identities: pay that is held back, being caught, being barred, quotas. */
const TWO = { kind: 'quorum', quorum: 2, maxReplicas: 4 } as const;
const CERTIFIED = { kind: 'certificate', maxReplicas: 3 } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

const nodeOf = (world: SmallWorld, nodeId: NodeId) => world.state.nodes.get(nodeId) as NodeRecord;
const caughtAt = (world: SmallWorld, nodeId: NodeId) => identityOf(world.state, nodeOf(world, nodeId)).caughtAt;
const seal = (world: SmallWorld) => world.step(sealed(world.state.lastEpoch + 1, world.state.now));
const requester = (world: SmallWorld) => world.job.order.requester;

/** The node computes so many of the job's units under a certificate, rightly. */
function earn(world: SmallWorld, nodeId: NodeId, units: number): void {
  for (let done = 0; done < units; done++) {
    world.ask(nodeId);
    const [index] = world.leases(nodeId);
    if (index === undefined) throw new Error('nothing was leased');
    world.bring(nodeId, index);
  }
}

test('a right result that comes late is accepted and paid while the unit is open', () => {
  const world = createSmallWorld({ job: { units: 1, policy: TWO, kernel: CHUNKED_FACTS }, nodes: 2 });
  const [one, two] = world.ids as [NodeId, NodeId];
  world.ask(one);
  world.step({ type: 'clock.ticked', at: 20_000, draw: 0 });
  expect(world.unitAt(0).replicas[0]).toMatchObject({ status: 'expired', reason: 'deadline' });
  world.bring(one, 0);
  world.ask(two);
  world.bring(two, 0);
  expect(world.unitAt(0).status).toBe('accepted');
  expect([one, two].map((nodeId) => nodeOf(world, nodeId).earned)).toEqual([475n, 475n]);
});

test('rewards are held back until enough results were checked, and enter the claims with the next epoch then', () => {
  const world = createSmallWorld({
    job: { units: 4, policy: CERTIFIED, kernel: CERTIFIED_FACTS },
    nodes: 1,
    trust: { holdChecked: 3 },
  });
  const [one] = world.ids as [NodeId];
  world.step(delegated(one, address(9)));
  earn(world, one, 2);
  seal(world);
  expect(world.state.cumulative.get(address(9))).toBeUndefined();
  expect(nodeOf(world, one)).toMatchObject({ sealed: 1900n, settled: 0n });
  earn(world, one, 1);
  seal(world);
  expect(world.state.cumulative.get(address(9))).toBe(2850n);
  expectConserved(world.state, world.charged());
  expectReplay(world.events, world.state);
});

test('what was held back for an identity goes to who paid it when the identity is caught, before and after an epoch', () => {
  const world = createSmallWorld({
    job: { units: 6, policy: CERTIFIED, kernel: CERTIFIED_FACTS },
    nodes: 2,
    trust: { holdChecked: 5 },
  });
  const [one, two] = world.ids as [NodeId, NodeId];
  world.step(delegated(one, address(9)));
  earn(world, one, 2);
  seal(world);
  // One more is earned and in no epoch yet.
  earn(world, one, 1);
  world.ask(one);
  world.bring(one, world.leases(one)[0] as number, foundAt(3, [1]));
  expect(caughtAt(world, one)).toBeDefined();
  expect(world.state.refunds.get(requester(world))).toBe(1900n);
  expectConserved(world.state, world.charged());
  seal(world);
  seal(world);
  expect(world.state.cumulative.get(requester(world))).toBe(2850n);
  expect(world.state.cumulative.get(address(9))).toBeUndefined();
  expect(caughtAt(world, two)).toBeUndefined();
  expectConserved(world.state, world.charged());
  expectReplay(world.events, world.state);
});

test('what is in the claims already stays there', () => {
  const world = createSmallWorld({ job: { units: 3, policy: CERTIFIED, kernel: CERTIFIED_FACTS }, nodes: 1 });
  const [one] = world.ids as [NodeId];
  world.step(delegated(one, address(9)));
  earn(world, one, 1);
  seal(world);
  world.ask(one);
  world.bring(one, world.leases(one)[0] as number, foundAt(1, [1]));
  seal(world);
  expect(world.state.cumulative.get(address(9))).toBe(950n);
});

/** A world in which node 0 has just been caught. */
function caught(linked = false): SmallWorld {
  const world = createSmallWorld({ job: { units: 9, policy: CERTIFIED, kernel: CERTIFIED_FACTS }, nodes: 3 });
  const [one] = world.ids as [NodeId];
  if (linked) world.step({ ...delegated(one, address(9)), expiry: 100 });
  world.ask(one);
  world.bring(one, world.leases(one)[0] as number, foundAt(0, [1]));
  expect(caughtAt(world, one)).toBeDefined();
  expect(world.state.totals.caught).toBe(1);
  return world;
}
const offered = (world: SmallWorld, nodeId: NodeId) => assign(world.state, nodeId, 1, 0).length;

test('a late result of who was caught meanwhile is not taken', () => {
  const world = createSmallWorld({ job: { units: 2, policy: CERTIFIED, kernel: CERTIFIED_FACTS }, nodes: 1 });
  const [one] = world.ids as [NodeId];
  world.ask(one);
  const [late] = world.leases(one) as [number];
  world.step({ type: 'clock.ticked', at: 20_000, draw: 0 });
  world.step(joined(one, 40_000));
  world.ask(one);
  const [other] = world.leases(one) as [number];
  world.bring(one, other, foundAt(other, [1]));
  expect(caughtAt(world, one)).toBeDefined();
  expect(world.unitAt(late).replicas[0]?.reason).toBe('deadline');
  const { ignored } = world.driver.commit(one, world.idOf(late), foundAt(late), world.state.now);
  expect(ignored?.refusal?.code).toBe('LEASE_EXPIRED');
});

test('who was caught gets no work for 28 days, and after that is new', () => {
  const world = caught();
  const [one, two] = world.ids as [NodeId, NodeId];
  expect([offered(world, one), offered(world, two)]).toEqual([0, 1]);
  world.step({ ...joined(one, 27 * DAY_MS), consent: { ...joined(one).consent, expiresAt: 10_000_000 } });
  expect(offered(world, one)).toBe(0);
  world.step({ ...joined(one, 29 * DAY_MS), consent: { ...joined(one).consent, expiresAt: 10_000_000 } });
  expect(offered(world, one)).toBeGreaterThan(0);
});

test('coming back or linking a wallet does not help, and the wallet is barred, too', () => {
  const world = caught();
  const [one, two] = world.ids as [NodeId, NodeId];
  world.step({ type: 'node.left', at: 100, nodeId: one, how: 'bye' });
  world.step(joined(one, 200));
  expect(offered(world, one)).toBe(0);
  world.step(delegated(one, address(9)));
  world.step(delegated(two, address(9)));
  expect([offered(world, one), offered(world, two)]).toEqual([0, 0]);
});

test('a node caught under one wallet stays barred under another, and without one', () => {
  const moved = caught(true);
  moved.step(delegated(moved.ids[0] as NodeId, address(10)));
  expect(offered(moved, moved.ids[0] as NodeId)).toBe(0);
  const alone = caught(true);
  // Its delegation ends after 100 s.
  alone.step(joined(alone.ids[0] as NodeId, 200_000));
  expect(identityOf(alone.state, nodeOf(alone, alone.ids[0] as NodeId)).id).toBe(alone.ids[0]);
  expect(offered(alone, alone.ids[0] as NodeId)).toBe(0);
});

test('what a caught identity has in hand ends: waiting results are void, leases and checks go to others', () => {
  const policy = { kind: 'audit', epsilon: 0.001, maxReplicas: 4 } as const;
  const world = createSmallWorld({ job: { units: 3, policy, kernel: CHUNKED_FACTS }, nodes: 3 });
  const [forger, other, third] = world.ids as [NodeId, NodeId, NodeId];
  for (const index of [0, 1]) {
    world.ask(forger);
    expect(world.leases(forger)).toContain(index);
    world.bring(forger, index, index === 1 ? foundAt(1, [2]) : foundAt(0));
  }
  world.ask(forger);
  for (const nodeId of [other, third]) {
    for (let i = 0; i < 4; i++) {
      world.ask(nodeId);
      for (const index of world.leases(nodeId)) world.bring(nodeId, index);
    }
  }
  expect(caughtAt(world, forger)).toBeDefined();
  const reasons = world.unitAt(0).replicas.find(({ nodeId }) => nodeId === forger);
  expect([reasons?.status, reasons?.reason]).not.toContain('revealed');
  expect(nodeOf(world, forger).held.size).toBe(0);
  expect(world.sent).toContainEqual({
    nodeId: forger,
    message: expect.objectContaining({ type: 'refused', error: expect.objectContaining({ code: 'NODE_BARRED' }) }),
  });
});

test('two nodes that link one wallet with a unit in hand have one part in it', () => {
  const world = createSmallWorld({ job: { units: 1, policy: TWO, kernel: CHUNKED_FACTS }, nodes: 4 });
  const [one, two, three] = world.ids as [NodeId, NodeId, NodeId];
  world.ask(one);
  world.ask(two);
  world.bring(one, 0);
  world.step(delegated(one, address(9)));
  world.step(delegated(two, address(9)));
  expect(world.unitAt(0).replicas.map(({ status, reason }) => [status, reason])).toEqual([
    ['revealed', undefined],
    ['expired', 'same-person'],
  ]);
  // The late result of the second is not taken, and the place is free for somebody else.
  world.bring(two, 0);
  expect(world.unitAt(0).status).toBe('issued');
  world.ask(three);
  world.bring(three, 0);
  expect(world.unitAt(0).status).toBe('accepted');
});

test('a late result is not taken when somebody of the same network has the place', () => {
  const world = createSmallWorld({ job: { units: 1, policy: TWO, kernel: CHUNKED_FACTS }, nodes: 0 });
  const [one, two] = [nodeAt(1), nodeAt(2)];
  const network = `0x${'01'.repeat(8)}` as never;
  for (const nodeId of [one, two]) world.step({ ...joined(nodeId), network });
  world.ask(one);
  world.ask(two);
  expect(world.leases(two)).toEqual([]);
  world.step({ type: 'clock.ticked', at: 20_000, draw: 0 });
  world.ask(two);
  expect(world.leases(two)).toEqual([0]);
  expect(world.driver.commit(one, world.idOf(0), foundAt(0), 20_000).ignored?.refusal?.code).toBe('LEASE_EXPIRED');
});

test('a new identity may take 32 leases a day; right results double that', () => {
  const world = createSmallWorld({ job: { units: 200, policy: TWO, kernel: CHUNKED_FACTS }, nodes: 2 });
  const [one, two] = world.ids as [NodeId, NodeId];
  for (let i = 0; i < FIRST_QUOTA + 5; i++) world.ask(one, 100);
  expect(world.leases(one)).toHaveLength(FIRST_QUOTA);
  world.ask(two);
  const [index] = world.leases(two);
  world.bring(two, index as number);
  world.bring(one, index as number);
  world.ask(one, 128);
  expect(world.leases(one).length + 1).toBe(2 * FIRST_QUOTA);
  world.step(joined(one, DAY_MS - 1));
  expect(offered(world, one)).toBe(0);
});
