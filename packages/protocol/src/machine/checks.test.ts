import { expect, test } from 'vitest';
import { address, asked, delegated, sealed } from '../../testing/shard-world.ts';
import { CHUNKED_FACTS, CHUNKS, chunksOf, createSmallWorld, foundAt } from '../../testing/small-world.ts';
import { expectConserved, expectReplay, snapshot } from '../../testing/snapshot.ts';
import { toHex } from '../base/bytes.ts';
import type { NodeId } from '../base/ids.ts';
import type { ShardEventOf } from '../journal/entry.ts';
import type { TrustConstants } from '../model/trust-constants.ts';
import { openChunk } from '../trust/chunk-tree.ts';
import { identityOf } from './identity.ts';

/** Chunks of a result are recomputed by others; who differs from the relay's own recomputation is caught. */
const SAMPLE = { kind: 'sample', chunks: 4, checkers: 2, maxReplicas: 3 } as const;

function create(over: { trust?: Partial<TrustConstants> } = {}) {
  const world = createSmallWorld({ job: { units: 1, policy: SAMPLE, kernel: CHUNKED_FACTS }, nodes: 5, ...over });
  const { driver, ids, idOf, state, handOf } = world;
  const [maker, first, second, third, fourth] = ids as [NodeId, NodeId, NodeId, NodeId, NodeId];
  return {
    ...{ ...world, maker, first, second, third, fourth },
    answer: (nodeId: NodeId, wrong: readonly number[] = [], draw = 2 ** 32 - 1) =>
      driver.answer(nodeId, idOf(0), handOf(nodeId, 0), chunksOf(0, wrong), state.now, draw),
    isCaught: (nodeId: NodeId) => {
      const node = state.nodes.get(nodeId);
      return node !== undefined && identityOf(state, node).caughtAt !== undefined;
    },
  };
}

/** The maker has brought a result, and two others hold its chunks. */
function checking(wrong: readonly number[] = [], over: Parameters<typeof create>[0] = {}) {
  const world = create(over);
  world.ask(world.maker);
  world.bring(world.maker, 0, foundAt(0, wrong));
  for (const nodeId of [world.first, world.second]) world.ask(nodeId);
  return world;
}

test('the drawn chunks are dealt to two others, each once; when all are right the result is accepted', () => {
  const world = checking();
  const { first, second, handOf, unitAt, answer } = world;
  expect(new Set([...handOf(first, 0), ...handOf(second, 0)])).toEqual(new Set([0, 1, 2, 3]));
  expect([handOf(first, 0), handOf(second, 0)].map(({ length }) => length)).toEqual([2, 2]);
  answer(first);
  expect(unitAt(0).status).toBe('issued');
  answer(second);
  expect(unitAt(0)).toMatchObject({ status: 'accepted', canonical: foundAt(0).digest, verdict: { by: 'sample' } });
  expect(unitAt(0).verdict?.bound).toBeLessThan(0.1);
});

test('who lost a lease of the unit may check it once its own result is not to be expected: two nodes are enough', () => {
  const job = { units: 1, policy: { ...SAMPLE, checkers: 1 }, kernel: CHUNKED_FACTS };
  const world = createSmallWorld({ job, nodes: 2 });
  const { ids, ask, bring, handOf, unitAt, step, state, driver, idOf } = world;
  const [slow, other] = ids as [NodeId, NodeId];
  ask(slow);
  const [{ leasedAt, deadline } = { leasedAt: 0, deadline: 0 }] = unitAt(0).replicas;
  step({ type: 'clock.ticked', at: deadline + 1, draw: 0 });
  ask(other);
  bring(other, 0);
  ask(slow);
  expect(handOf(slow, 0)).toEqual([]);
  step(asked(slow, 2 * deadline - leasedAt - 1, 1, 0));
  expect(handOf(slow, 0)).toEqual([]);
  step(asked(slow, 2 * deadline - leasedAt, 1, 0));
  expect(handOf(slow, 0)).toHaveLength(4);
  // Now that it checks the other's result, its own would be a second voice.
  expect(driver.commit(slow, idOf(0), foundAt(0), state.now).ignored?.refusal?.code).toBe('LEASE_EXPIRED');
  driver.answer(slow, idOf(0), handOf(slow, 0), chunksOf(0), state.now, 2 ** 32 - 1);
  expect(unitAt(0).status).toBe('accepted');
});

test('of few chunks, all of them recomputed, no more is promised than that the one checker of a forged one is honest', () => {
  const world = checking();
  for (const nodeId of [world.first, world.second]) world.answer(nodeId);
  expect(world.unitAt(0).verdict).toEqual({ by: 'sample', bound: 0.05 });
});

test('checkers are paid for their share of the work, out of the price', () => {
  const world = checking();
  const { first, second, maker, answer, state, step } = world;
  answer(first);
  answer(second);
  // Weights 1000, 500, 500 of a price of 1000 less 5 %; one wei is left over.
  expect([maker, first, second].map((id) => state.nodes.get(id)?.earned)).toEqual([475n, 237n, 238n]);
  expect([maker, first, second].map((id) => state.nodes.get(id)?.credits)).toEqual([3, 2, 2]);
  step(delegated(first, address(9), state.now));
  step(sealed(1, state.now));
  expect(state.cumulative.get(address(9))).toBe(237n);
  expectConserved(state, world.charged());
  expectReplay(world.events, state);
});

const answered = (world: ReturnType<typeof checking>, nodeId: NodeId): ShardEventOf<'check.answered'> => {
  const hand = world.handOf(world.first, 0);
  const tree = chunksOf(0);
  const digest = (index: number) => toHex(tree.digests[index] as Uint8Array);
  return {
    ...{ type: 'check.answered', at: world.state.now, nodeId, workUnitId: world.idOf(0), draw: 0 },
    answer: { chunks: hand.map((index) => ({ index, digest: digest(index) })), signature: '0x00' as never },
    openings: hand.map((index) => ({ digest: digest(index), path: openChunk(tree, index) })),
  };
};
type Answered = ShardEventOf<'check.answered'>;

test.each<[string, (right: Answered) => Partial<Answered>, string]>([
  [
    'other chunks than were asked for',
    ({ answer }) => ({
      answer: { ...answer, chunks: answer.chunks.map((own) => ({ ...own, index: (own.index + 1) % CHUNKS })) },
    }),
    'ATTESTATION_MISMATCH',
  ],
  ['fewer chunks', ({ answer }) => ({ answer: { ...answer, chunks: answer.chunks.slice(1) } }), 'ATTESTATION_MISMATCH'],
  ['fewer openings', ({ openings }) => ({ openings: openings.slice(1) }), 'ATTESTATION_MISMATCH'],
  [
    'an opening of another digest',
    ({ openings }) => ({ openings: openings.map((own) => ({ ...own, digest: `0x${'77'.repeat(32)}` as const })) }),
    'opening-invalid',
  ],
  ['openings in another order', ({ openings }) => ({ openings: openings.toReversed() }), 'opening-invalid'],
  [
    'an opening without its path',
    ({ openings }) => ({ openings: openings.map((own) => ({ ...own, path: [] })) }),
    'opening-invalid',
  ],
])('%s: refused, and nothing changes', (_what, change, reason) => {
  const world = checking();
  const right = answered(world, world.first);
  const before = snapshot(world.state);
  const { ignored } = world.step({ ...right, ...change(right) });
  expect(ignored?.refusal?.code ?? ignored?.reason).toBe(reason);
  expect(snapshot(world.state)).toBe(before);
  expect(world.step(right).ignored).toBeUndefined();
});

test('an answer of who has no check lease is refused: the maker, a stranger, and a checker twice', () => {
  const world = checking();
  const right = answered(world, world.first);
  for (const nodeId of [world.maker, world.fourth]) {
    expect(world.step({ ...right, nodeId }).ignored?.refusal?.code).toBe('LEASE_MISSING');
  }
  world.step(right);
  expect(world.step(right).ignored?.refusal?.code).toBe('LEASE_MISSING');
});

test('a wrong chunk is found by its checker and confirmed by the relay: the maker is caught, the checker is not', () => {
  const world = checking([2]);
  const { first, second, maker, answer, unitAt, handOf, isCaught, sent } = world;
  const finder = handOf(first, 0).includes(2) ? first : second;
  answer(finder);
  expect(unitAt(0).replicas[0]).toMatchObject({ status: 'disagreed', reason: 'CHUNK_WRONG' });
  expect(unitAt(0).status).toBe('pending');
  expect([maker, first, second].map(isCaught)).toEqual([true, false, false]);
  expect(world.state.totals.disputed).toBe(1);
  const verdict = sent.find(({ nodeId, message }) => nodeId === maker && message.type === 'verdict');
  expect(verdict?.message).toMatchObject({ verdict: 'disagreed', reason: { code: 'CHUNK_WRONG' }, reward: 0n });
});

test('a checker who lies is caught, the maker is not, and the chunks go to another', () => {
  const world = checking();
  const { first, second, third, maker, answer, unitAt, handOf, isCaught, ask } = world;
  const hand = handOf(first, 0);
  answer(first, hand);
  expect([maker, first, second].map(isCaught)).toEqual([false, true, false]);
  answer(second);
  ask(third);
  expect(handOf(third, 0)).toEqual(hand);
  answer(third);
  expect(unitAt(0).status).toBe('accepted');
  expect(world.state.nodes.get(first)?.earned).toBe(0n);
});

test('of some checkers that agree the relay recomputes a chunk: who passed a wrong one is caught with its maker', () => {
  const world = checking([0, 1, 2, 3], { trust: { recheckShare: 0.5 } });
  const { first, maker, answer, isCaught } = world;
  answer(first, [0, 1, 2, 3], 0);
  expect([maker, first].map(isCaught)).toEqual([true, true]);
  // Nobody had disputed it.
  expect(world.state.totals.disputed).toBe(0);
});

test('a checker that goes away leaves its chunks to another; one that computed the unit late is not asked', () => {
  const world = create();
  const { maker, first, second, third, ask, step, state, handOf, bring } = world;
  ask(third);
  step({ type: 'clock.ticked', at: state.now + 20_000, draw: 0 });
  ask(maker);
  bring(maker, 0);
  ask(third);
  expect(handOf(third, 0)).toEqual([]);
  ask(first);
  const hand = handOf(first, 0);
  expect(hand).toHaveLength(2);
  step({ type: 'node.left', at: state.now, nodeId: first, how: 'bye' });
  ask(second);
  expect(handOf(second, 0)).toEqual(hand);
});

test('a checker that fails again and again leaves one trace, not one each time', () => {
  const world = checking();
  const { first, step, state, ask, unitAt, idOf } = world;
  for (let i = 0; i < 5; i++) {
    step({ type: 'replica.failed', at: state.now, nodeId: first, workUnitId: idOf(0), code: 'KERNEL_THREW', draw: 0 });
    step({ type: 'clock.ticked', at: state.now + 61_000, draw: 0 });
    ask(first);
  }
  expect(unitAt(0).checks.filter(({ checker }) => checker === first)).toHaveLength(1);
  expectReplay(world.events, world.state);
});

test('a unit that fails lets its checkers go', () => {
  const policy = { kind: 'audit', epsilon: 0.001, sample: { chunks: 4, checkers: 2 }, maxReplicas: 2 } as const;
  const world = createSmallWorld({ job: { units: 1, policy, kernel: CHUNKED_FACTS }, nodes: 5, trust: { horizon: 1 } });
  const { ids, ask, bring, step, state, unitAt, idOf } = world;
  const [one, ...others] = ids as [NodeId, ...NodeId[]];
  ask(one);
  bring(one, 0);
  // Its draw has chosen it to be computed once more, besides its chunks.
  expect(unitAt(0).target).toBe(2);
  for (const nodeId of others) ask(nodeId);
  const checkers = others.filter((nodeId) => (state.nodes.get(nodeId)?.checking.size ?? 0) > 0);
  expect(checkers).not.toEqual([]);
  const second = unitAt(0).replicas.find(({ status }) => status === 'leased')?.nodeId as NodeId;
  const workUnitId = idOf(0);
  step({ type: 'replica.failed', at: state.now, nodeId: second, workUnitId, code: 'KERNEL_THREW', draw: 0 });
  expect(unitAt(0).status).toBe('failed');
  for (const nodeId of checkers) expect(state.nodes.get(nodeId)?.checking.size).toBe(0);
});

test('three results that differ are asked about once more, while a relay is slow', () => {
  const policy = { kind: 'quorum', quorum: 3, maxReplicas: 5 } as const;
  const world = createSmallWorld({ job: { units: 1, policy, kernel: CHUNKED_FACTS }, nodes: 5, slow: true });
  const { ids, ask, bring, driver, unitAt, state } = world;
  for (const nodeId of ids.slice(0, 3)) ask(nodeId);
  bring(ids[0] as NodeId, 0, foundAt(0, [0]));
  bring(ids[1] as NodeId, 0, foundAt(0, [3]));
  bring(ids[2] as NodeId, 0);
  driver.carryOut(state.now);
  expect(unitAt(0).replicas.map(({ status }) => status)).toEqual(['revealed', 'disagreed', 'disagreed']);
  expect(unitAt(0).referee).toBeUndefined();
});
