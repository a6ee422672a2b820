import { expect, test } from 'vitest';
import { joined, nodeAt } from '../../testing/shard-world.ts';
import { CHUNKED_FACTS, createSmallWorld, foundAt } from '../../testing/small-world.ts';
import { snapshot } from '../../testing/snapshot.ts';
import type { NodeId } from '../base/ids.ts';
import type { Power } from '../wire/power.ts';
import { assign } from './assign.ts';

const ONE = { kind: 'quorum', quorum: 1, maxReplicas: 2 } as const;
const powered = (nodeId: NodeId, power: Power, at = 3) => {
  const event = joined(nodeId, at);
  return { ...event, capabilities: { ...event.capabilities, power } };
};

test('a node on its battery gets nothing, and gets work once it is plugged in', () => {
  const world = createSmallWorld({ job: { units: 2, policy: ONE }, nodes: 0 });
  world.step(powered(nodeAt(1), { battery: true }));
  expect(world.ask(nodeAt(1)).ignored?.reason).toBe('nothing-to-lease');
  world.step(powered(nodeAt(1), { battery: false }, 10));
  expect(world.ask(nodeAt(1)).ignored).toBeUndefined();
});

test('a job that wants the greenest nodes waits for one that is idle, but not for ever', () => {
  const world = createSmallWorld({ job: { units: 5, policy: ONE }, nodes: 0, prefer: 'greenest' });
  const [green, grey] = [nodeAt(1), nodeAt(2)];
  world.step(powered(green, { battery: false, gramsCo2PerKwh: 40 }));
  world.step(powered(grey, { battery: false, gramsCo2PerKwh: 700 }));
  expect(world.ask(grey).ignored?.reason).toBe('nothing-to-lease');
  expect(world.ask(green).ignored).toBeUndefined();
  // The greener one is at work now.
  expect(world.ask(grey).ignored).toBeUndefined();
  const late = createSmallWorld({ job: { units: 5, policy: ONE }, nodes: 0, prefer: 'greenest' });
  late.step(powered(green, { battery: false, gramsCo2PerKwh: 40 }, 30_000));
  late.step(powered(grey, { battery: false, gramsCo2PerKwh: 700 }, 30_000));
  expect(late.ask(grey).ignored).toBeUndefined();
});

test('a node without the memory for a kernel is not given it', () => {
  const kernel = { ...CHUNKED_FACTS, memoryMb: 4096 };
  const world = createSmallWorld({ job: { units: 2, policy: ONE, kernel }, nodes: 1 });
  expect(world.ask(world.ids[0] as NodeId).ignored?.reason).toBe('nothing-to-lease');
});

const AUDIT = { kind: 'audit', epsilon: 0.001, maxReplicas: 5 } as const;

/** Two honest nodes have agreed on unit 0, and one of them has results of it and others that wait. */
function warm(canaryShare: number, warmUp: number) {
  const world = createSmallWorld({
    job: { units: 12, policy: AUDIT, kernel: CHUNKED_FACTS },
    nodes: 3,
    trust: { warmUp, canaryShare, auditFloor: 0 },
  });
  const [one, two, three] = world.ids as [NodeId, NodeId, NodeId];
  for (let round = 0; round < 12; round++) {
    for (const nodeId of [one, two]) {
      world.ask(nodeId);
      for (const index of world.leases(nodeId)) world.bring(nodeId, index);
    }
    const waiting = world.state.jobs.get(world.job.jobId)?.waiting.size ?? 0;
    if (waiting > 0 && [...world.state.accounts.values()].some(({ checked }) => checked >= 1)) break;
  }
  return { ...world, three };
}

test('the first leases of a newcomer are units whose answer is known; who is wrong there is found out', () => {
  const honest = warm(0, 1);
  honest.ask(honest.three, 1);
  expect(honest.state.totals.canaries).toBe(1);
  const [index] = honest.leases(honest.three);
  const own = honest.unitAt(index as number).replicas.find(({ nodeId }) => nodeId === honest.three);
  expect(own?.canary).toBe(true);
  // It looks like any other lease.
  const [lease] = honest.sent.filter(({ nodeId, message }) => nodeId === honest.three && message.type === 'lease');
  expect(JSON.stringify(lease, (_k, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))).not.toContain(
    'canary',
  );
  const forger = warm(0, 1);
  forger.ask(forger.three, 1);
  const [at] = forger.leases(forger.three) as [number];
  forger.bring(forger.three, at, foundAt(at, [1]));
  expect(forger.state.totals).toMatchObject({ canariesForged: 1, caught: 1 });
});

test('afterwards only a drawn few are', () => {
  const never = warm(0, 0);
  never.ask(never.three, 1, 2 ** 32 - 1);
  expect(never.state.totals.canaries).toBe(0);
  const drawn = warm(0.5, 0);
  const before = drawn.state.totals.canaries;
  drawn.ask(drawn.three, 1, 0);
  expect(drawn.state.totals.canaries).toBe(before + 1);
});

test('assign changes nothing', () => {
  const world = warm(0.5, 2);
  const before = snapshot(world.state);
  for (let draw = 0; draw < 50; draw++) assign(world.state, world.three, 5, draw * 90_000_000, 20);
  expect(snapshot(world.state)).toBe(before);
});

test('a result that all its checks leave too doubtful for a small ε is computed once more', () => {
  const policy = { kind: 'audit', epsilon: 1e-6, maxReplicas: 5 } as const;
  const world = createSmallWorld({ job: { units: 1, policy, kernel: CHUNKED_FACTS }, nodes: 5 });
  for (const nodeId of world.ids) {
    if (world.unitAt(0).status === 'accepted') break;
    world.ask(nodeId);
    world.bring(nodeId, 0);
  }
  expect(world.unitAt(0).status).toBe('accepted');
  expect(world.unitAt(0).replicas).toHaveLength(3);
  expect(world.unitAt(0).verdict?.bound).toBeLessThan(1e-6);
});
