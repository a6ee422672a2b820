import { fromUtf8, toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { mandelbrotReference } from '@reckon/kernels/kernels/mandelbrot/reference';
import { readTile } from '@reckon/kernels/kernels/mandelbrot/params';
import type { KernelPool } from '@reckon/kernels/engine/pool';
import { recoverAddress } from '@reckon/protocol/base/signature';
import type { ShardEvent, ShardEventOf } from '@reckon/protocol/journal/entry';
import { decodeBundle, encodeBundle } from '@reckon/protocol/journal/tile-bytes';
import { formatTilePath, parseTilePath, tileWidth } from '@reckon/protocol/journal/tiles';
import { blockAt, publish } from '@reckon/protocol/testing/journal-world';
import { testLogSigner } from '@reckon/protocol/testing/static-log';
import { beforeAll, expect, test } from 'vitest';
import {
  at,
  type AuditWorld,
  chainOf,
  countingRandom,
  memoryCheckpoints,
  playAuditWorld,
  RELAY_URL,
  type ServedWorld,
  serveWorld,
  zero,
} from '../../testing/audit-world.ts';
import { createRelayClient } from '../relay-client.ts';
import { type AuditPorts, auditRelay } from './audit-relay.ts';
import type { AuditedUnit } from './audited-unit.ts';
import { recomputeUnits } from './recompute.ts';

let world: AuditWorld;
let entries: readonly Uint8Array[];
beforeAll(() => {
  world = playAuditWorld();
  entries = publish(world.journal.events);
});

const serve = () => serveWorld(entries, world.blobs);
const signal = new AbortController().signal;

function run(
  served: ServedWorld,
  over: Partial<AuditPorts> & { compare?: string; signatures?: number; units?: number } = {},
) {
  const { compare, signatures = 0.2, units = 3, ...ports } = over;
  return auditRelay(
    {
      http: { baseUrl: RELAY_URL, fetch: served.fetch },
      openChain: () => chainOf(world, entries),
      seen: memoryCheckpoints(),
      random: countingRandom(),
      recover: recoverAddress,
      now: () => 1_700_000_100_000,
      ...ports,
    },
    { signatures: () => signatures, units, signal, ...(compare === undefined ? {} : { compare }) },
  );
}

/** What a relay would publish and sign that entered something else. */
function entered<T extends ShardEvent['type']>(index: number, change: (event: ShardEventOf<T>) => ShardEventOf<T>) {
  const { events } = world.journal;
  return publish(events.map((event, i) => (i === index ? change(event as ShardEventOf<T>) : event)));
}

/** Rewrites the bundle that holds the entry, as somebody between relay and auditor could. */
function rewrite(served: ServedWorld, index: number, change: (bundle: Uint8Array[], i: number) => Uint8Array[]): void {
  const [bundle, i] = [Math.floor(index / 256), index % 256];
  const path = formatTilePath({ kind: 'entries', index: bundle, width: tileWidth(served.size, 0, bundle) });
  const before = decodeBundle(parseTilePath(path), served.files.get(path) as Uint8Array);
  served.files.set(path, encodeBundle(change(before, i)));
}

test('an honest log, its rules and the chain agree; balances are the chain’s', async () => {
  const progress: string[] = [];
  const served = serve();
  const report = await auditRelay(
    {
      http: { baseUrl: RELAY_URL, fetch: served.fetch },
      openChain: () => chainOf(world, entries),
      seen: memoryCheckpoints(),
      random: countingRandom(),
      recover: recoverAddress,
      now: () => 1_700_000_100_000,
    },
    { signatures: () => 1, units: 3, signal, onProgress: ({ phase }) => void progress.push(phase) },
  );
  expect(report.difference).toBeNull();
  expect(report.replay.entries).toBe(entries.length);
  expect(report.chain).toMatchObject({ compared: 2, notPosted: [], notPublished: 0, beacons: 3, fundings: 2 });
  expect(report.replay.balances.reduce((sum, { cumulative }) => sum + cumulative, 0n)).toBe(12n * 10n ** 16n);
  expect(report.signatures.checked).toBeGreaterThan(20);
  expect(report.sample).toHaveLength(3);
  expect(report.accepted).toBe(12);
  expect([...new Set(progress)]).toEqual(['log', 'replay', 'chain']);
});

test('an empty log passes, with nothing to compare', async () => {
  const report = await run(serveWorld([], new Map()));
  expect(report).toMatchObject({ difference: null, chain: null, sample: [], checkpoint: { size: 0 } });
});

test('an entry edited on the way is named, with its text', async () => {
  const served = serve();
  const index = at(world.journal.events, 'node.asked', 3);
  const edited = toUtf8('{"type":"node.asked"}');
  rewrite(served, index, (bundle, i) => bundle.with(i, edited));
  const report = await run(served);
  expect(report.difference).toMatchObject({ index, code: 'LOG_ENTRY_MISMATCH' });
  expect(report.entry).toBe('{"type":"node.asked"}');
  expect(report.chain).toBeNull();
});

test('entries removed, reordered, or a tile edited on the way: the first concerned is named', async () => {
  const index = at(world.journal.events, 'replica.committed', 2);
  const removed = serve();
  rewrite(removed, index, (bundle, i) => bundle.toSpliced(i, 1));
  expect((await run(removed)).difference).toMatchObject({ index });
  const reordered = serve();
  rewrite(reordered, index, (bundle, i) =>
    bundle.with(i, bundle[i + 1] as Uint8Array).with(i + 1, bundle[i] as Uint8Array),
  );
  expect((await run(reordered)).difference).toMatchObject({ index });
  const tile = serve();
  const path = formatTilePath({ kind: 'hashes', level: 0, index: 0, width: tileWidth(tile.size, 0, 0) });
  const bytes = (tile.files.get(path) as Uint8Array).slice();
  bytes[index * 32] = (bytes[index * 32] as number) ^ 1;
  tile.files.set(path, bytes);
  expect((await run(tile)).difference).toMatchObject({ index, code: 'LOG_ENTRY_MISMATCH' });
});

test('an entry the relay itself edited, and signed for, breaks the rules there', async () => {
  const index = at(world.journal.events, 'replica.revealed', 2);
  const forged = entered<'replica.revealed'>(index, (event) => ({ ...event, tag: blockAt(7) }));
  const report = await run(serveWorld(forged, world.blobs));
  expect(report.difference?.code).toBe('AUDIT_DIFFERENCE');
  expect(report.difference?.index).toBeGreaterThanOrEqual(index);
  expect(JSON.parse(report.entry ?? '')).toMatchObject({ type: expect.any(String) });
});

test('a log continued by another key is refused', async () => {
  const served = serveWorld([...entries, toUtf8('{}')], world.blobs, {
    signer: testLogSigner(9),
    known: testLogSigner(),
  });
  await expect(run(served)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
});

test('a log that goes on is taken; one that shrank or was rewritten is refused with both checkpoints', async () => {
  const seen = memoryCheckpoints();
  const shorter = serveWorld(entries.slice(0, -1), world.blobs);
  expect((await run(shorter, { seen })).extended.own).toBeNull();
  expect((await run(serve(), { seen })).extended.own).toBe(entries.length - 1);
  await expect(run(shorter, { seen })).rejects.toMatchObject({ code: 'CHECKPOINT_NOT_EXTENDED' });
  const other = entered<'node.joined'>(1, (event) => ({ ...event, agent: 'somebody else' }));
  const rewritten = serveWorld([...other, entries.at(-1) as Uint8Array], world.blobs);
  await expect(run(rewritten, { seen })).rejects.toMatchObject({
    code: 'CHECKPOINT_NOT_EXTENDED',
    details: { oldSize: entries.length, newSize: entries.length + 1 },
  });
  expect(seen.kept.get('relay.test/log')).toBe(serve().note);
});

test('two auditors who are shown two histories find out by comparing, whichever log is longer', async () => {
  const shorter = serveWorld(entries.slice(0, -1), world.blobs);
  expect((await run(serve(), { compare: shorter.note })).extended.other).toBe(shorter.size);
  const other = entered<'node.joined'>(1, (event) => ({ ...event, agent: 'somebody else' }));
  const otherShort = serveWorld(other.slice(0, -1), world.blobs);
  const otherLong = serveWorld([...other, entries.at(-1) as Uint8Array], world.blobs);
  for (const { note } of [otherShort, otherLong]) {
    await expect(run(serve(), { compare: note })).rejects.toMatchObject({ code: 'CHECKPOINT_NOT_EXTENDED' });
  }
  const stranger = serveWorld(entries, world.blobs, { signer: testLogSigner(9) });
  await expect(run(serve(), { compare: stranger.note })).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
});

test.each(['claimsRoot', 'receiptsRoot', 'journalRoot'] as const)(
  'another %s on chain names entry and epoch',
  async (field) => {
    const chain = chainOf(world, entries);
    chain.epochs = chain.epochs.map((epoch) => (epoch.epoch === 1 ? { ...epoch, [field]: blockAt(8) } : epoch));
    const report = await run(serve(), { openChain: () => chain });
    const index = at(world.journal.events, 'epoch.sealed');
    expect(report.difference).toMatchObject({ index, epoch: 1, received: blockAt(8) });
    expect(JSON.parse(report.entry ?? '')).toMatchObject({ type: 'epoch.sealed', epoch: 1 });
  },
);

test('a balance that is changed changes the claims root: the chain and the journal differ there', async () => {
  // The relay pays itself 10 % in the journal it publishes, and what the rules say on chain.
  const dear = entered<'shard.opened'>(0, (event) => ({ ...event, feeBps: 1000 }));
  const served = serveWorld(dear, world.blobs);
  served.config.feeBps = 1000;
  const report = await run(served);
  expect(report.difference).toMatchObject({ epoch: 1, what: 'the claims root of epoch 1 on chain' });
  expect((await run(serveWorld(dear, world.blobs))).difference).toMatchObject({ index: 0, what: 'the fee' });
  // What it assumes of strangers is told to requesters, too.
  served.config.trust = { ...served.config.trust, faultyShare: 0.2 };
  expect((await run(served)).difference).toMatchObject({ index: 0, what: '"faultyShare"', received: '0.05' });
});

test('a total on chain that is not the sum of all claims is named', async () => {
  const chain = chainOf(world, entries);
  const report = await run(serve(), {
    openChain: () => ({ ...chain, newest: async () => ({ lastEpoch: 2, totalCumulative: 1n }) }),
  });
  expect(report.difference).toMatchObject({ epoch: 2, what: 'the sum of all claims of epoch 2 on chain' });
});

test('epochs on chain that are not published yet, and sealed ones not on chain yet, are no differences', async () => {
  const chain = chainOf(world, entries);
  const [first, second] = chain.epochs as [(typeof chain.epochs)[number], (typeof chain.epochs)[number]];
  const ahead = { ...chain, newest: async () => ({ lastEpoch: 4, totalCumulative: 99n }) };
  expect((await run(serve(), { openChain: () => ahead })).chain).toMatchObject({ compared: 2, notPublished: 2 });
  const behind = { ...chain, newest: async () => ({ lastEpoch: 1, totalCumulative: first.totalCumulative }) };
  const report = await run(serve(), { openChain: () => behind });
  expect(report.chain).toMatchObject({ compared: 1, notPosted: [second.epoch] });
  expect(report.difference).toBeNull();
});

test.each([
  ['a block that is not the chain’s', { blockHash: async () => zero }, 'beacon.seen'],
  ['an escrow that holds less', { funded: async () => 1n }, 'job.funded'],
] as const)('%s is named', async (_what, over, type) => {
  const report = await run(serve(), { openChain: () => ({ ...chainOf(world, entries), ...over }) });
  expect(report.difference).toMatchObject({ index: at(world.journal.events, type) });
});

test('another transaction than the one that posted an epoch, and another chain, are named', async () => {
  const chain = chainOf(world, entries);
  chain.epochs = chain.epochs.map((epoch) => (epoch.epoch === 2 ? { ...epoch, tx: blockAt(8) } : epoch));
  const index = at(world.journal.events, 'epoch.posted', 1);
  const report = await run(serve(), { openChain: () => chain });
  expect(report.difference).toMatchObject({ index, epoch: 2, received: blockAt(8) });
  const elsewhere = { ...chainOf(world, entries), chainId: async () => 1 };
  const other = await run(serve(), { openChain: () => elsewhere });
  expect(other.difference).toMatchObject({ index: 0, what: 'the chain’s id' });
});

test('a wallet’s signature that neither a key nor a contract made is named', async () => {
  const index = at(world.journal.events, 'job.posted');
  const forged = entries.map((entry, i) =>
    i === index ? toUtf8(fromUtf8(entry).replace(/("signature":")0x[0-9a-f]+/, '$10xabcdef')) : entry,
  );
  // The log is its own again, so that nothing but the signature is wrong; the chain is not read for roots.
  const chain = { ...chainOf(world, entries), newest: async () => ({ lastEpoch: 0, totalCumulative: 0n }) };
  const upTo = forged.slice(0, at(world.journal.events, 'epoch.sealed'));
  const report = await run(serveWorld(upTo, world.blobs), { openChain: () => chain });
  expect(report.difference).toMatchObject({ index, what: 'who signed the job order' });
  const contract = { ...chain, isSignature: async () => true };
  expect((await run(serveWorld(upTo, world.blobs), { openChain: () => contract })).signatures.contractWallets).toBe(1);
});

test('a spec that is not served is named at its job', async () => {
  const served = serve();
  const posted = world.journal.events[at(world.journal.events, 'job.posted')] as ShardEventOf<'job.posted'>;
  served.blobs.delete(posted.order.specDigest);
  expect((await run(served)).difference).toMatchObject({
    index: at(world.journal.events, 'job.posted'),
    what: 'the job’s spec',
  });
});

/** Computes as a worker would, here. */
const pool: Pick<KernelPool, 'run'> = {
  run: async ({ input }) => ({
    bytes: new Uint8Array(mandelbrotReference(readTile(input.params)).buffer),
    device: 'test',
    computeMs: 1,
  }),
};
const recompute = (served: ServedWorld, sample: readonly AuditedUnit[]) =>
  recomputeUnits(sample, {
    relay: createRelayClient(RELAY_URL, { fetch: served.fetch }),
    pool,
    random: countingRandom(),
    signal,
  });

test('units drawn are computed again and agree; a forged result is named at the entry that accepted it', async () => {
  const { sample } = await run(serve(), { units: 4 });
  const report = await recompute(serve(), sample);
  expect(report.difference).toBeUndefined();
  expect(report.units.map(({ how }) => how)).toEqual(['execution', 'execution', 'execution', 'execution']);
  const [unit] = sample as [AuditedUnit];
  const other = { ...unit, params: (sample.find(({ params }) => params !== unit.params) as AuditedUnit).params };
  const forged = await recompute(serve(), [other]);
  expect(forged.difference).toMatchObject({ index: unit.entry, received: unit.canonical });
});

test('a result that is not served is a difference; a kernel this program lacks is skipped', async () => {
  const { sample } = await run(serve(), { units: 1 });
  const [unit] = sample as [AuditedUnit];
  const served = serve();
  served.blobs.delete(unit.canonical);
  expect((await recompute(served, sample)).difference).toMatchObject({ index: unit.entry });
  const strange = { ...unit, kernel: { ...unit.kernel, digest: toHex(new Uint8Array(32)) as never } };
  expect((await recompute(serve(), [strange])).units).toMatchObject([{ how: 'skipped' }]);
});
