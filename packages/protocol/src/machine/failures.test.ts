import { expect, test } from 'vitest';
import { joined } from '../../testing/shard-world.ts';
import { CHUNKED_FACTS, createSmallWorld, foundAt, GUEST_FACTS, type SmallWorld } from '../../testing/small-world.ts';
import { PLAIN_FACTS } from '../../testing/unit-fixtures.ts';
import type { NodeId } from '../base/ids.ts';
import { assign } from './assign.ts';
import { identityOf } from './identity.ts';
import { dropJob } from './job.ts';
import type { NodeRecord } from './state.ts';

/** What failing costs a node: pauses, kernels and jobs that it is not given again, and what a vote says of it. */
const TWO = { kind: 'quorum', quorum: 2, maxReplicas: 4 } as const;

const nodeOf = (world: SmallWorld, nodeId: NodeId) => world.state.nodes.get(nodeId) as NodeRecord;
const offered = (world: SmallWorld, nodeId: NodeId) => assign(world.state, nodeId, 1, 0).length;

test('a node that failed waits before it gets more, longer each time', () => {
  const world = createSmallWorld({ job: { units: 20, policy: TWO }, nodes: 1 });
  const [one] = world.ids as [NodeId];
  const waits: number[] = [];
  for (let i = 0; i < 4; i++) {
    world.ask(one);
    const workUnitId = world.idOf(world.leases(one)[0] as number);
    const at = world.state.now;
    world.step({ type: 'replica.failed', at, nodeId: one, workUnitId, code: 'KERNEL_THREW', draw: 0 });
    waits.push(nodeOf(world, one).backoffUntil - at);
    expect(offered(world, one)).toBe(0);
    world.step(joined(one, nodeOf(world, one).backoffUntil));
    expect(offered(world, one)).toBe(1);
  }
  expect(waits).toEqual([500, 1000, 2000, 4000]);
});

test.each([
  ['of an exact kernel bars', true],
  ['within a tolerance does not bar, though it counts against the account', false],
])('being outvoted by the credible %s', (_what, exact) => {
  const policy = { kind: 'quorum', quorum: 2, epsilon: 0.01, maxReplicas: 8 } as const;
  const world = createSmallWorld({ job: { units: 1, policy, kernel: { ...PLAIN_FACTS, exact } }, nodes: 8 });
  const [liar, ...honest] = world.ids as [NodeId, ...NodeId[]];
  world.ask(liar);
  world.bring(liar, 0, foundAt(0, [1]));
  for (const nodeId of honest) {
    if (world.unitAt(0).status === 'accepted') break;
    world.ask(nodeId);
    if (world.leases(nodeId).length > 0) world.bring(nodeId, 0);
  }
  expect(world.unitAt(0).status).toBe('accepted');
  expect(nodeOf(world, liar).counts.disagreed).toBe(1);
  expect(identityOf(world.state, nodeOf(world, liar)).caughtAt !== undefined).toBe(exact);
});

test('a program of the requester’s that fails costs a node the same short rest each time', () => {
  const world = createSmallWorld({ job: { units: 20, policy: TWO, kernel: GUEST_FACTS }, nodes: 1 });
  const [one] = world.ids as [NodeId];
  const waits: number[] = [];
  for (let i = 0; i < 3; i++) {
    world.ask(one);
    const workUnitId = world.idOf(world.leases(one)[0] as number);
    const at = world.state.now;
    world.step({ type: 'replica.failed', at, nodeId: one, workUnitId, code: 'GUEST_TRAPPED', draw: 0 });
    waits.push(nodeOf(world, one).backoffUntil - at);
    world.step(joined(one, nodeOf(world, one).backoffUntil));
  }
  expect(waits).toEqual([500, 500, 500]);
  expect(nodeOf(world, one).failures).toBe(0);
});

test.each([
  ['a program that asks for a device', GUEST_FACTS, 'DEVICE_UNSUPPORTED'],
  ['a program that asks for memory', GUEST_FACTS, 'KERNEL_MEMORY'],
  ['units that are too large', CHUNKED_FACTS, 'KERNEL_MEMORY'],
] as const)('%s the node has not takes only that job from it, as long as there is that job', (_what, kernel, code) => {
  const world = createSmallWorld({ job: { units: 3, policy: TWO, kernel }, nodes: 1 });
  const [one] = world.ids as [NodeId];
  world.ask(one);
  const workUnitId = world.idOf(world.leases(one)[0] as number);
  world.step({ type: 'replica.failed', at: 5, nodeId: one, workUnitId, code, draw: 0 });
  world.step(joined(one, 100_000));
  expect(offered(world, one)).toBe(0);
  expect([...nodeOf(world, one).lacks]).toEqual([world.job.jobId]);
  dropJob(world.state, world.job.jobId);
  expect([...nodeOf(world, one).lacks]).toEqual([]);
});

test('a node that lacks what a kernel needs is not given that kernel again', () => {
  const world = createSmallWorld({ job: { units: 3, policy: TWO }, nodes: 1 });
  const [one] = world.ids as [NodeId];
  world.ask(one);
  const workUnitId = world.idOf(world.leases(one)[0] as number);
  world.step({ type: 'replica.failed', at: 5, nodeId: one, workUnitId, code: 'DEVICE_UNSUPPORTED', draw: 0 });
  world.step(joined(one, 100_000));
  expect(offered(world, one)).toBe(0);
});
