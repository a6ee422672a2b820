import { expect, test } from 'vitest';
import { resultOf } from '../../testing/shard-world.ts';
import { CHUNKED_FACTS, createSmallWorld, foundAt } from '../../testing/small-world.ts';
import { snapshot } from '../../testing/snapshot.ts';
import type { Hash, NodeId } from '../base/ids.ts';
import type { ShardEvent, ShardEventOf } from '../journal/entry.ts';

/** A result is sealed, then shown, then opened; whatever does not fit changes nothing. */
const POLICY = { kind: 'quorum', quorum: 2, maxReplicas: 3 } as const;

function create(slow = false) {
  const world = createSmallWorld({ job: { units: 2, policy: POLICY, kernel: CHUNKED_FACTS }, nodes: 3, slow });
  const [one, two, three] = world.ids as [NodeId, NodeId, NodeId];
  /** Says how an event that must change nothing was answered. */
  const refused = (event: ShardEvent): string | undefined => {
    const before = snapshot(world.state);
    const { ignored } = world.step(event);
    expect(snapshot(world.state)).toBe(before);
    return ignored?.refusal?.code ?? ignored?.reason;
  };
  const sealing = (nodeId: NodeId, seal: Hash = resultOf(70)): ShardEventOf<'replica.committed'> => ({
    ...{ type: 'replica.committed', at: world.state.now, nodeId, workUnitId: world.idOf(0), seal },
    ...{ beacon: world.state.beacon, draw: resultOf(71) },
  });
  const showing = (nodeId: NodeId, tag: Hash = resultOf(72)): ShardEventOf<'replica.revealed'> => ({
    ...{ type: 'replica.revealed', at: world.state.now, nodeId, workUnitId: world.idOf(0), tag, size: 1, near: [] },
  });
  return { ...world, one, two, three, refused, sealing, showing };
}

test('a result that nobody leased, or that comes before its seal, is refused with its code', () => {
  const world = create();
  expect(world.refused(world.sealing(world.one))).toBe('LEASE_MISSING');
  expect(world.refused(world.showing(world.one))).toBe('LEASE_MISSING');
  world.ask(world.one);
  expect(world.refused(world.showing(world.one))).toBe('REVEAL_WITHOUT_COMMIT');
  expect(world.refused(world.sealing(world.two))).toBe('LEASE_MISSING');
});

test('the first seal stays: another one is refused, the same one changes nothing', () => {
  const world = create();
  world.ask(world.one);
  const seal = world.sealing(world.one);
  expect(world.step(seal).ignored).toBeUndefined();
  expect(world.refused({ ...seal, seal: resultOf(80) })).toBe('SEAL_REPEATED');
  expect(world.refused({ ...seal, draw: resultOf(81) })).toBe('repeated');
  world.step(world.showing(world.one));
  expect(world.refused({ ...seal, seal: resultOf(80) })).toBe('SEAL_REPEATED');
});

test('the first result shown stays: another tag afterwards changes nothing', () => {
  const world = create();
  world.ask(world.one);
  world.step(world.sealing(world.one));
  world.step(world.showing(world.one, resultOf(1)));
  expect(world.refused(world.showing(world.one, resultOf(2)))).toBe('repeated');
  expect(world.unitAt(0).replicas[0]?.tag).toBe(resultOf(1));
});

test('a draw over a beacon that is not the newest is not taken', () => {
  const world = create();
  world.ask(world.one);
  world.step({ type: 'beacon.seen', at: 9, block: 5, hash: resultOf(5) });
  expect(world.refused({ ...world.sealing(world.one), beacon: resultOf(4) })).toBe('other-beacon');
  expect(world.refused({ type: 'beacon.seen', at: 9, block: 5, hash: resultOf(6) })).toBe('block-known');
  expect(world.step(world.sealing(world.one)).ignored).toBeUndefined();
});

/** Brings a decided unit, and the opening that fits it. */
function decided() {
  const play = (world: ReturnType<typeof create>) => {
    for (const nodeId of [world.one, world.two]) world.ask(nodeId);
    for (const nodeId of [world.one, world.two]) world.bring(nodeId, 0, foundAt(0));
    return world;
  };
  const right = play(create()).events.find((event) => event.type === 'unit.opened') as ShardEventOf<'unit.opened'>;
  return { world: play(create(true)), right };
}

type Results = ShardEventOf<'unit.opened'>['results'];
type Leaf = Results[number]['attestation']['leaf'];
const withLeaf = (results: Results, change: Partial<Leaf>): Results =>
  results.map((own) => ({
    ...own,
    attestation: { ...own.attestation, leaf: { ...own.attestation.leaf, ...change } },
  }));

test.each<[string, (right: ShardEventOf<'unit.opened'>) => Partial<ShardEventOf<'unit.opened'>>, string]>([
  ['digest', ({ results }) => ({ results: withLeaf(results, { resultDigest: resultOf(9) }) }), 'opened-other-seal'],
  ['trace root', ({ results }) => ({ results: withLeaf(results, { traceRoot: resultOf(9) }) }), 'opened-other-seal'],
  [
    'salt',
    ({ results }) => ({ results: results.map((own) => ({ ...own, salt: `0x${'12'.repeat(16)}` as never })) }),
    'opened-other-seal',
  ],
  ['tag key', () => ({ tagKey: resultOf(9) }), 'opened-other-tag'],
  [
    'kernel',
    ({ results }) => ({ results: withLeaf(results, { kernelDigest: resultOf(9) as never }) }),
    'opened-other-kernelDigest',
  ],
  [
    'input',
    ({ results }) => ({ results: withLeaf(results, { inputDigest: resultOf(9) }) }),
    'opened-other-inputDigest',
  ],
  [
    'unit in the leaf',
    ({ results }) => ({ results: withLeaf(results, { workUnitId: resultOf(9) as never }) }),
    'opened-other-workUnitId',
  ],
  [
    'node',
    ({ results }) => ({
      results: results.map((own, i) => ({ ...own, nodeId: (results[1 - i] as Results[number]).nodeId })),
    }),
    'opened-other-seal',
  ],
  ['number of results', ({ results }) => ({ results: results.slice(1) }), 'results-missing'],
  ['unit', () => ({ workUnitId: resultOf(9) as never }), 'unit-unknown'],
])('an opening with another %s is ignored and changes nothing', (_what, change, reason) => {
  const { world, right } = decided();
  expect(world.refused({ ...right, ...change(right) })).toBe(reason);
  expect(world.unitAt(0).status).toBe('issued');
  // The one that fits is still taken, once.
  expect(world.step(right).ignored).toBeUndefined();
  expect(world.unitAt(0).status).toBe('accepted');
  expect(world.refused(right)).toBe('not-revealed');
});

test('an opening before the unit is decided, or of who has shown nothing, is ignored', () => {
  const { right } = decided();
  const world = create();
  for (const nodeId of [world.one, world.two]) world.ask(nodeId);
  world.bring(world.one, 0, foundAt(0));
  expect(world.refused(right)).toBe('not-revealed');
  const mine = right.results.filter(({ nodeId }) => nodeId === world.one);
  expect(world.refused({ ...right, results: mine })).toBe('not-decided');
});

test('a copied seal cannot be opened: it names who made it', () => {
  const world = create(true);
  for (const nodeId of [world.one, world.two, world.three]) world.ask(nodeId);
  world.driver.commit(world.one, world.idOf(0), foundAt(0), 9);
  const { seal = resultOf(0) } = world.unitAt(0).replicas.find(({ nodeId }) => nodeId === world.one) ?? {};
  world.step(world.sealing(world.two, seal));
  world.driver.reveal(world.one, world.idOf(0), 9);
  const { tag = resultOf(0), chunks } = world.unitAt(0).replicas.find(({ nodeId }) => nodeId === world.one) ?? {};
  world.step({ ...world.showing(world.two, tag), ...(chunks === undefined ? {} : { chunks }) });
  expect(world.unitAt(0).decided).toBe(tag);
  const { right } = decided();
  expect(world.refused(right)).toBe('opened-other-seal');
});

test('the journal names no result before its unit is decided', () => {
  const { events, ids } = decided().world;
  expect(ids.length).toBe(3);
  const text = JSON.stringify(events, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  expect(text).toContain('"replica.revealed"');
  expect(text).not.toContain(foundAt(0).digest.slice(2));
});
