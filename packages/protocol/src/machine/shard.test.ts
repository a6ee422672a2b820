import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDriver } from '../../testing/shard-driver.ts';
import {
  address,
  asked,
  delegated,
  funded,
  joined,
  nodeAt,
  opened,
  posted,
  resultOf,
  sealed,
} from '../../testing/shard-world.ts';
import { expectConserved, expectReplay, snapshot } from '../../testing/snapshot.ts';
import type { NodeId, WorkUnitId } from '../base/ids.ts';
import type { ShardEvent } from '../journal/entry.ts';
import { jobIdOf } from '../model/job-order.ts';
import type { QuorumPolicy } from '../model/policy.ts';
import { assign } from './assign.ts';
import { isEpochDue, isTickDue } from './due.ts';
import { createShard, stepShard } from './shard.ts';
import type { Replica } from './state.ts';

/** A fixed quorum on a kernel without chunks: the machine as it was before there were other policies. */
const QUORUM: QuorumPolicy = { kind: 'quorum', quorum: 2, maxReplicas: 4 };

/** A world driven by random choices. Its journal is kept, and what is ignored must change nothing. */
function createWorld(units: number, nodes: number, price = 1000n, leaseMs = 10_000) {
  const journal: ShardEvent[] = [];
  let charged = 0n;
  const driver = createDriver({
    onEvent(event, result) {
      if (result.ignored === undefined) journal.push(event);
      for (const command of result.commands) {
        if (command.type === 'post-epoch') charged += command.charges.reduce((sum, { amount }) => sum + amount, 0n);
      }
    },
  });
  const { state } = driver;
  const run = (event: ShardEvent) => {
    const before = snapshot(state);
    const result = driver.step(event);
    if (result.ignored !== undefined) expect(snapshot(state)).toBe(before);
    return result;
  };
  const job = posted({ units, policy: QUORUM, pricePerUnit: price, leaseMs });
  run(job);
  run(funded(job));
  const ids = Array.from({ length: nodes }, (_, i) => nodeAt(i));
  for (const id of ids) run(joined(id));
  const idOf = (index: number) => state.jobs.get(job.jobId)?.units[index]?.id as WorkUnitId;
  return { driver, state, journal, run, job, ids, idOf, charged: () => charged };
}

type World = ReturnType<typeof createWorld>;

function deliver(world: World, nodeId: NodeId, index: number, digest = resultOf(index), at = world.state.now): void {
  world.driver.commit(nodeId, world.idOf(index), { digest }, at);
  world.driver.reveal(nodeId, world.idOf(index), at);
}

const ask = (world: World, nodeId: NodeId, slots = 2, draw = 0) =>
  world.run(asked(nodeId, world.state.now, slots, draw));

const choice = fc.record({
  node: fc.nat(7),
  unit: fc.nat(11),
  act: fc.constantFrom(
    'ask',
    'ask',
    'deliver',
    'deliver',
    'deliver',
    'lie',
    'fail',
    'bye',
    'lost',
    'join',
    'tick',
    'seal',
    'cancel',
  ),
  ms: fc.nat(3000),
});

type Choice = typeof choice extends fc.Arbitrary<infer T> ? T : never;

function act(world: World, { node, unit, act: what, ms }: Choice): void {
  const { state, run, job, idOf } = world;
  const nodeId = world.ids[node % world.ids.length] as NodeId;
  const at = state.now + ms;
  const known = state.jobs.get(job.jobId);
  const index = unit % (known?.units.length ?? 1);
  if (what === 'ask') ask(world, nodeId, 3, unit);
  if (what === 'deliver' && known !== undefined) deliver(world, nodeId, index, resultOf(index), at);
  if (what === 'lie' && known !== undefined) deliver(world, nodeId, index, resultOf(5000 + node), at);
  if (what === 'fail' && known !== undefined) {
    run({ type: 'replica.failed', at, nodeId, workUnitId: idOf(index), code: 'KERNEL_THREW', draw: ms });
  }
  if (what === 'bye' || what === 'lost') run({ type: 'node.left', at, nodeId, how: what });
  if (what === 'join') run(joined(nodeId, at));
  if (what === 'tick') run({ type: 'clock.ticked', at: at + ms * 10, draw: ms });
  if (what === 'seal') run(sealed(state.lastEpoch + 1, at));
  if (what === 'cancel' && unit === 0) {
    run({ type: 'job.controlled', at, jobId: job.jobId, action: 'cancel', nonce: 1, signature: '0x00' });
  }
}

test('money and credit are conserved whatever happens, and ignored events change nothing', () => {
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 120 }), fc.bigInt({ min: 1n, max: 10n ** 20n }), (choices, price) => {
      const world = createWorld(6, 5, price);
      world.run(delegated(world.ids[0] as NodeId, address(7)));
      for (const next of choices) {
        act(world, next);
        expectConserved(world.state, world.charged());
      }
    }),
    { numRuns: 100 },
  );
});

test('replaying the journal as it is stored gives the same state', () => {
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 80 }), (choices) => {
      const world = createWorld(5, 4);
      for (const next of choices) act(world, next);
      expectReplay(world.journal, world.state);
    }),
    { numRuns: 60 },
  );
});

test('the queues hold exactly the units that need a lease', () => {
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 80 }), (choices) => {
      const world = createWorld(5, 4);
      for (const next of choices) act(world, next);
      const stranger = nodeAt(77);
      world.run(joined(stranger, world.state.now));
      const job = world.state.jobs.get(world.job.jobId);
      if (job === undefined || (job.status !== 'running' && job.status !== 'funded')) return;
      const open = job.units
        .filter((unit) => assignable(unit.status) && needs(unit.replicas))
        .map((unit) => unit.index);
      const chosen = assign(world.state, stranger, 99, 0).map(({ index }) => index);
      expect(chosen.toSorted(byNumber)).toEqual(open.toSorted(byNumber));
    }),
    { numRuns: 100 },
  );
});

const byNumber = (a: number, b: number): number => a - b;

const assignable = (status: string) => status === 'pending' || status === 'issued';
/** Independent count of open places: quorum less the best vote and those at work, within the cap. */
function needs(replicas: readonly Replica[]): boolean {
  const live = replicas.filter((r) => r.status === 'leased' || r.status === 'committed').length;
  const votes = replicas.filter((r) => r.status === 'revealed').map((r) => r.tag);
  const best = Math.max(0, ...votes.map((tag) => votes.filter((other) => other === tag).length));
  const failed = replicas.filter((r) => r.status === 'expired' && r.reason === 'KERNEL_THREW').length;
  return best + live < QUORUM.quorum && votes.length + live + failed < QUORUM.maxReplicas;
}

test('two honest nodes finish a job, are paid, and the escrow is closed by the next epoch', () => {
  const world = createWorld(3, 2);
  const { state, run, ids } = world;
  for (const nodeId of ids) ask(world, nodeId, 3);
  for (const nodeId of ids) for (const index of [0, 1, 2]) deliver(world, nodeId, index);
  const job = state.jobs.get(world.job.jobId);
  expect(job?.status).toBe('completed');
  expect(job?.units.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 3 }, () => ({ by: 'vote', bound: 1 })));
  expect(state.nodes.get(ids[0] as NodeId)?.earned).toBe(3n * 475n);
  expect(isEpochDue(state)).toBe(true);
  const [post] = run(sealed(1, state.now)).commands;
  expect(post).toMatchObject({ type: 'post-epoch', totalCumulative: 150n });
  expect(post).toHaveProperty('charges', [{ jobId: world.job.jobId, amount: 3000n, closing: true }]);
  expect(isEpochDue(state)).toBe(false);
  run(delegated(ids[0] as NodeId, address(9), state.now));
  expect(isEpochDue(state)).toBe(true);
  run(sealed(2, state.now));
  expect(state.cumulative.get(address(9))).toBe(1425n);
});

test('an epoch is sealed in order and with the secret that was committed to, or not at all', () => {
  const world = createWorld(1, 2);
  const { state, run, ids } = world;
  for (const nodeId of ids) ask(world, nodeId, 1);
  for (const nodeId of ids) deliver(world, nodeId, 0);
  expect(run(sealed(2, state.now)).ignored?.reason).toBe('epoch-out-of-order');
  expect(run({ ...sealed(1, state.now), secret: resultOf(1) }).ignored?.reason).toBe('other-secret');
  expect(run(sealed(1, state.now)).ignored).toBeUndefined();
  expect(run({ ...sealed(2, state.now), secret: sealed(1, 0).secret }).ignored?.reason).toBe('other-secret');
});

test('a lost node keeps its lease for the grace period, then it returns to the queue', () => {
  const world = createWorld(1, 2, 1000n, 60_000);
  const { state, run, ids } = world;
  const [first] = ids as [NodeId, NodeId];
  ask(world, first, 1);
  run({ type: 'node.left', at: 100, nodeId: first, how: 'lost' });
  expect(isTickDue(state, 10_099)).toBe(false);
  expect(isTickDue(state, 10_100)).toBe(true);
  run({ type: 'clock.ticked', at: 10_100, draw: 0 });
  expect(state.jobs.get(world.job.jobId)?.units[0]?.status).toBe('pending');
});

test('a node that comes back is sent the leases it still holds', () => {
  const world = createWorld(2, 1);
  const [nodeId] = world.ids as [NodeId];
  ask(world, nodeId, 1);
  world.run({ type: 'node.left', at: 100, nodeId, how: 'lost' });
  const back = world.run(joined(nodeId, 200));
  expect(back.commands).toMatchObject([{ type: 'send', nodeId, message: { type: 'lease', index: 0 } }]);
});

test('a repeated result is answered again with stored, and once decided with its verdict and reward', () => {
  const world = createWorld(1, 2);
  const { driver, ids, state } = world;
  for (const nodeId of ids) ask(world, nodeId, 1);
  const [one, two] = ids as [NodeId, NodeId];
  deliver(world, one, 0);
  const again = () => driver.commit(one, world.idOf(0), { digest: resultOf(0) }, state.now);
  expect(again().commands).toMatchObject([{ message: { type: 'stored' } }]);
  deliver(world, two, 0);
  expect(again().commands).toMatchObject([
    { message: { type: 'stored' } },
    { message: { type: 'verdict', verdict: 'agreed', reward: 475n } },
  ]);
});

test('an order that cannot pay for its units, or is filed under another id, is refused', () => {
  const state = createShard();
  stepShard(state, opened());
  const job = posted({ units: 4, policy: QUORUM });
  const poor = { ...job, order: { ...job.order, budget: 3999n } };
  expect(stepShard(state, poor).ignored?.reason).toBe('job-id-mismatch');
  expect(stepShard(state, { ...poor, jobId: jobIdOf(poor.order) }).ignored?.refusal?.code).toBe('ESCROW_TOO_SMALL');
});

test('paused jobs lease nothing; resumed ones do; an old control is not repeated', () => {
  const world = createWorld(2, 1);
  const { run, state, job, ids } = world;
  const control = (action: 'pause' | 'resume', nonce: number) =>
    run({ type: 'job.controlled', at: state.now, jobId: job.jobId, action, nonce, signature: '0x00' });
  control('pause', 1);
  expect(ask(world, ids[0] as NodeId).ignored?.reason).toBe('nothing-to-lease');
  expect(control('resume', 1).ignored?.refusal?.code).toBe('CONTROL_REPEATED');
  control('resume', 2);
  expect(ask(world, ids[0] as NodeId).ignored).toBeUndefined();
});
