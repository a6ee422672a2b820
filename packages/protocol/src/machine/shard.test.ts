import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from '../base/parse.ts';
import { fromUtf8 } from '../base/bytes.ts';
import type { NodeId } from '../base/ids.ts';
import { encodeEntry } from '../journal/log-tree.ts';
import { ShardEvent } from '../journal/entry.ts';
import { address, attest, funded, joined, nodeAt, opened, posted, resultOf } from '../../testing/shard-world.ts';
import { jobIdOf } from '../model/job-order.ts';
import type { QuorumPolicy } from '../model/job-spec.ts';
import { assign } from './assign.ts';
import { isEpochDue, isTickDue } from './due.ts';
import { createShard, stepShard } from './shard.ts';
import type { Replica, ShardState } from './state.ts';

const QUORUM: QuorumPolicy = { kind: 'quorum', quorum: 2, maxReplicas: 4 };
const JOURNAL_ROOT = resultOf(999);

/** A world driven by random choices: every event goes through `run`, which keeps the journal. */
function createWorld(units: number, nodes: number, price = 1000n, leaseMs = 10_000) {
  const state = createShard();
  const journal: ShardEvent[] = [];
  const run = (event: ShardEvent) => {
    const before = event.type === 'shard.opened' ? 0 : snapshot(state);
    const result = stepShard(state, event);
    if (result.ignored === undefined) journal.push(event);
    else if (before !== 0) expect(snapshot(state)).toBe(before);
    return result;
  };
  run(opened());
  const job = posted({ units, policy: QUORUM, pricePerUnit: price, leaseMs });
  run(job);
  run(funded(job));
  const ids = Array.from({ length: nodes }, (_, i) => nodeAt(i));
  for (const id of ids) run(joined(id));
  return { state, journal, run, job, ids };
}

/** The state as text: maps and sets as arrays, bigints as strings. */
const snapshot = (state: ShardState): string =>
  JSON.stringify(state, (_key, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Map || value instanceof Set) return [...value];
    return value;
  });

type World = ReturnType<typeof createWorld>;

function deliver(world: World, nodeId: NodeId, index: number, digest = resultOf(index), at = world.state.now): void {
  const attestation = attest(world.state, world.job.jobId, index, digest);
  world.run({ type: 'replica.committed', at, nodeId, attestation });
  const workUnitId = attestation.leaf.workUnitId;
  world.run({ type: 'replica.revealed', at, nodeId, workUnitId, resultDigest: digest, size: 4, near: [] });
}

const ask = (world: World, nodeId: NodeId, slots = 2, draw = 0) =>
  world.run({ type: 'node.asked', at: world.state.now, nodeId, slots, draw });

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

function act(
  world: World,
  { node, unit, act: what, ms }: { node: number; unit: number; act: string; ms: number },
): void {
  const { state, run, job } = world;
  const nodeId = world.ids[node % world.ids.length] as NodeId;
  const at = state.now + ms;
  const index = unit % job.spec.stages[0]!.units.length;
  if (what === 'ask') ask(world, nodeId, 3, unit);
  if (what === 'deliver' && state.jobs.has(job.jobId)) deliver(world, nodeId, index, resultOf(index), at);
  if (what === 'lie' && state.jobs.has(job.jobId)) deliver(world, nodeId, index, resultOf(5000 + node), at);
  if (what === 'fail' && state.jobs.has(job.jobId)) {
    const workUnitId = attest(state, job.jobId, index, resultOf(0)).leaf.workUnitId;
    run({ type: 'replica.failed', at, nodeId, workUnitId, code: 'KERNEL_THREW' });
  }
  if (what === 'bye' || what === 'lost') run({ type: 'node.left', at, nodeId, how: what });
  if (what === 'join') run(joined(nodeId, at));
  if (what === 'tick') run({ type: 'clock.ticked', at: at + ms * 10 });
  if (what === 'seal') run({ type: 'epoch.sealed', at, epoch: state.lastEpoch + 1, journalRoot: JOURNAL_ROOT });
  if (what === 'cancel' && unit === 0) {
    run({ type: 'job.controlled', at, jobId: job.jobId, action: 'cancel', nonce: 1, signature: '0x00' });
  }
}

function checkMoney(world: World, price: bigint): void {
  const { state } = world;
  const job = state.jobs.get(world.job.jobId);
  if (job !== undefined) {
    expect(job.spent).toBe(price * BigInt(job.counts.accepted));
    expect(job.spent).toBeLessThanOrEqual(job.order.budget);
    expect(job.charged).toBeLessThanOrEqual(job.spent);
    expect(Object.values(job.counts).reduce((a, b) => a + b)).toBe(job.units.length);
    expect(job.counts.accepted).toBe(job.units.filter((unit) => unit.status === 'accepted').length);
  }
  const cumulative = [...state.cumulative.values()].reduce((a, b) => a + b, 0n);
  const nodes = [...state.nodes.values()];
  const held = nodes.reduce((sum, node) => sum + node.sealed - node.settled, 0n);
  const charged = job?.charged ?? 0n;
  // Everything charged is in the settlement tree or held for a node without a wallet.
  expect(cumulative + held).toBe(charged);
  for (const node of nodes) {
    expect(node.settled <= node.sealed && node.sealed <= node.earned).toBe(true);
  }
  const open = state.openReceipts.reduce((sum, receipt) => sum + receipt.reward, 0n);
  const earned = nodes.reduce((sum, node) => sum + node.earned, 0n);
  expect(nodes.reduce((sum, node) => sum + node.sealed, 0n) + open).toBe(earned);
}

test('money and credit are conserved whatever happens, and ignored events change nothing', () => {
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 120 }), fc.bigInt({ min: 1n, max: 10n ** 20n }), (choices, price) => {
      const world = createWorld(6, 5, price);
      const [linked] = world.ids;
      const delegation = { payoutAddress: address(7), expiry: 99_999, signature: '0x00' as const };
      world.run({ type: 'node.delegated', at: 4, nodeId: linked as NodeId, ...delegation });
      for (const next of choices) {
        act(world, next);
        checkMoney(world, price);
      }
    }),
    { numRuns: 150 },
  );
});

test('replaying the journal as it is stored gives the same state', () => {
  fc.assert(
    fc.property(fc.array(choice, { maxLength: 80 }), (choices) => {
      const world = createWorld(5, 4);
      for (const next of choices) act(world, next);
      const replayed = createShard();
      for (const event of world.journal) {
        const stored = parse(ShardEvent, JSON.parse(fromUtf8(encodeEntry(event))));
        expect(stepShard(replayed, stored).ignored).toBeUndefined();
      }
      expect(snapshot(replayed)).toBe(snapshot(world.state));
    }),
    { numRuns: 100 },
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
  const votes = replicas.filter((r) => r.status === 'revealed').map((r) => r.resultDigest);
  const best = Math.max(0, ...votes.map((d) => votes.filter((other) => other === d).length));
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
  expect(state.nodes.get(ids[0] as NodeId)?.earned).toBe(3n * 475n);
  expect(isEpochDue(state)).toBe(true);
  const sealed = run({ type: 'epoch.sealed', at: state.now, epoch: 1, journalRoot: JOURNAL_ROOT });
  const [post] = sealed.commands;
  expect(post).toMatchObject({ type: 'post-epoch', totalCumulative: 150n });
  expect(post).toHaveProperty('charges', [{ jobId: world.job.jobId, amount: 3000n, closing: true }]);
  expect(isEpochDue(state)).toBe(false);
  run({
    type: 'node.delegated',
    at: state.now,
    nodeId: ids[0] as NodeId,
    payoutAddress: address(9),
    expiry: 99_999,
    signature: '0x00',
  });
  expect(isEpochDue(state)).toBe(true);
  run({ type: 'epoch.sealed', at: state.now, epoch: 2, journalRoot: JOURNAL_ROOT });
  expect(state.cumulative.get(address(9))).toBe(1425n);
});

test('a lost node keeps its lease for the grace period, then it returns to the queue', () => {
  const world = createWorld(1, 2, 1000n, 60_000);
  const { state, run, ids } = world;
  const [first] = ids as [NodeId, NodeId];
  ask(world, first, 1);
  run({ type: 'node.left', at: 100, nodeId: first, how: 'lost' });
  expect(isTickDue(state, 10_099)).toBe(false);
  expect(isTickDue(state, 10_100)).toBe(true);
  run({ type: 'clock.ticked', at: 10_100 });
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

test('a result nobody leased, for another input, or sent twice with another digest is refused with a code', () => {
  const world = createWorld(2, 2);
  const { run, ids, state } = world;
  const [one, two] = ids as [NodeId, NodeId];
  ask(world, one, 1);
  const attestation = attest(state, world.job.jobId, 0, resultOf(0));
  const commit = (nodeId: NodeId, leaf = attestation) =>
    run({ type: 'replica.committed', at: state.now, nodeId, attestation: leaf }).ignored?.refusal?.code;
  expect(commit(two)).toBe('LEASE_MISSING');
  const otherInput = { ...attestation, leaf: { ...attestation.leaf, inputDigest: resultOf(4) } };
  expect(commit(one, otherInput)).toBe('ATTESTATION_MISMATCH');
  expect(commit(one)).toBeUndefined();
  expect(commit(one, attest(state, world.job.jobId, 0, resultOf(1)))).toBe('ATTESTATION_MISMATCH');
});

test('a repeated result is answered again with stored, and once decided with its verdict and reward', () => {
  const world = createWorld(1, 2);
  const { run, ids, state } = world;
  for (const nodeId of ids) ask(world, nodeId, 1);
  const [one, two] = ids as [NodeId, NodeId];
  deliver(world, one, 0);
  const again = () =>
    run({
      type: 'replica.committed',
      at: state.now,
      nodeId: one,
      attestation: attest(state, world.job.jobId, 0, resultOf(0)),
    });
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
