import { beforeAll, expect, test } from 'vitest';
import { blockAt, publish } from '../../testing/journal-world.ts';
import { sampleEntries } from '../../testing/sample-journal.ts';
import { fromUtf8, toHex, toUtf8 } from '../base/bytes.ts';
import { recoverAddress } from '../base/signature.ts';
import type { ShardEvent, ShardEventOf } from '../journal/entry.ts';
import type { SpecSource } from '../journal/entry-codec.ts';
import { claimsRoot, orderClaims } from '../machine/claims.ts';
import { compareEpoch, type ReplayedEpoch } from './epochs.ts';
import { createReplay, type ReplayOptions } from './replay.ts';
import { createSignatureCheck } from './signatures.ts';

let events: readonly ShardEvent[];
let entries: readonly Uint8Array[];
let specOf: SpecSource;
beforeAll(() => {
  ({ events, entries, specOf } = sampleEntries());
});

function replay(bytes: readonly Uint8Array[], options: ReplayOptions = {}) {
  const running = createReplay(options);
  for (const [index, entry] of bytes.entries()) void running.next(index, entry, specOf);
  return running.result();
}

const signatures = (share = 1) => createSignatureCheck({ recover: recoverAddress, share, seed: new Uint8Array(32) });
const nth = <T extends ShardEvent['type']>(type: T, n = 0): number =>
  events.map((event, index) => ({ event, index })).filter(({ event }) => event.type === type)[n]?.index as number;

/** What a relay would publish that entered something else at `index`, and signs it all as it should. */
function entered<T extends ShardEvent['type']>(index: number, change: (event: ShardEventOf<T>) => ShardEventOf<T>) {
  return publish(events.map((event, i) => (i === index ? change(event as ShardEventOf<T>) : event)));
}

test('an honest journal replays to the epochs, balances and totals that the relay had', () => {
  const check = signatures();
  const result = replay(entries, { signatures: check, now: Date.parse('2026-06-01') });
  expect(result.difference).toBeUndefined();
  expect(result.entries).toBe(entries.length);
  expect(result.epochs.map(({ epoch, posted }) => [epoch, posted !== undefined])).toEqual([
    [1, true],
    [2, true],
    [3, false],
  ]);
  const last = result.epochs.at(-1) as ReplayedEpoch;
  expect(claimsRoot(result.balances)).toBe(last.claimsRoot);
  expect(result.balances.reduce((sum, { cumulative }) => sum + cumulative, 0n)).toBe(last.totalCumulative);
  expect(last.totalCumulative).toBe(15n * 1000n);
  expect(result.totals.accepted).toBeGreaterThanOrEqual(15);
  expect(result.draws.repeated).toBeGreaterThan(20);
  expect(result.draws.open).toBeGreaterThan(0);
  expect(check.checked).toBeGreaterThan(30);
  expect(check.aside).toEqual([]);
});

test('the state of another machine is the one the relay had', () => {
  const running = createReplay();
  for (const [index, entry] of entries.entries()) void running.next(index, entry, specOf);
  expect(orderClaims(running.state.cumulative)).toEqual(running.result().balances);
});

test('an entry that is not JSON, or no entry, is named', () => {
  const at = nth('replica.revealed', 2);
  const broken = entries.map((entry, i) => (i === at ? toUtf8('{"type":"replica.reve') : entry));
  expect(replay(broken).difference).toMatchObject({ index: at, code: 'AUDIT_DIFFERENCE', what: 'the entry' });
  const strange = entries.map((entry, i) => (i === at ? toUtf8('{"type":"money.printed"}') : entry));
  expect(replay(strange).difference).toMatchObject({ index: at, words: expect.stringContaining(`entry ${at}`) });
});

test('an entry the rules ignore is named with the reason: replayed, removed, reordered', () => {
  const commit = nth('replica.committed', 3);
  const twice = [...events.slice(0, commit + 1), events[commit] as ShardEvent, ...events.slice(commit + 1)];
  expect(replay(publish(twice)).difference).toMatchObject({ index: commit + 1, what: 'the entry' });
  const reveal = nth('replica.revealed', 3);
  const removed = events.filter((_, i) => i !== reveal);
  const first = replay(publish(removed)).difference;
  expect(first?.index).toBeGreaterThanOrEqual(reveal);
  const swapped = events.map((event, i) =>
    i === commit ? events[commit + 1] : i === commit + 1 ? events[commit] : event,
  );
  expect(replay(publish(swapped as ShardEvent[])).difference).toMatchObject({
    index: commit,
    received: 'one that they ignore (REVEAL_WITHOUT_COMMIT)',
  });
});

test('a draw that does not follow from seal, secret and beacon is named when the secret opens', () => {
  const at = nth('replica.committed', 4);
  const forged = entered<'replica.committed'>(at, (event) => ({ ...event, draw: blockAt(1) }));
  expect(replay(forged).difference).toMatchObject({ index: at, what: 'the draw', received: blockAt(1), epoch: 1 });
});

test('a beacon that is not the newest block, and a secret that was not committed to, are named', () => {
  const commit = nth('replica.committed', 5);
  const beacon = entered<'replica.committed'>(commit, (event) => ({ ...event, beacon: blockAt(3) }));
  expect(replay(beacon).difference).toMatchObject({ index: commit, what: 'the beacon' });
  const sealed = nth('epoch.sealed', 1);
  const secret = entered<'epoch.sealed'>(sealed, (event) => ({ ...event, secret: blockAt(4) }));
  expect(replay(secret).difference).toMatchObject({ index: sealed, what: 'the opened secret' });
});

test('a result that is opened as another than the sealed one is named', () => {
  const at = nth('unit.opened', 1);
  const other = entered<'unit.opened'>(at, (event) => ({
    ...event,
    results: event.results.map((result) => ({
      ...result,
      attestation: { ...result.attestation, leaf: { ...result.attestation.leaf, resultDigest: blockAt(5) as never } },
    })),
  }));
  expect(replay(other).difference).toMatchObject({
    index: at,
    what: 'an opened result',
    received: 'something else (opened-other-seal)',
  });
});

test('a journal root that is not the log’s is named', () => {
  const at = nth('epoch.sealed', 1);
  const forged = entries.map((entry, i) =>
    i === at ? toUtf8(fromUtf8(entry).replace(/("journalRoot":")0x[0-9a-f]{64}/, `$1${blockAt(6)}`)) : entry,
  );
  expect(replay(forged).difference).toMatchObject({
    index: at,
    what: 'the journal root',
    received: blockAt(6),
    epoch: 2,
  });
});

test('facts of a kernel that the manifest does not have are named; an unknown kernel is taken as entered', () => {
  const event = events[nth('job.posted')] as ShardEventOf<'job.posted'>;
  const factsOf = () => ({ ...event.kernel, leastHarmfulShare: 0.5 });
  expect(replay(entries, { factsOf }).difference).toMatchObject({
    index: nth('job.posted'),
    what: 'the kernel’s "leastHarmfulShare"',
  });
  expect(replay(entries, { factsOf: () => undefined }).difference).toBeUndefined();
});

test('a time long before the entry before, or in the far future, is named', () => {
  const at = nth('node.asked', 5);
  const early = entered<'node.asked'>(at, (event) => ({ ...event, at: event.at - 3_600_000 }));
  expect(replay(early).difference).toMatchObject({ index: at, what: 'the time' });
  expect(replay(entries, { now: 1_600_000_000_000 }).difference).toMatchObject({ index: 0, what: 'the time' });
});

test.each([
  ['node.joined', 1, 'consent', /("signature":"0x)../],
  ['unit.opened', 2, 'results', /("signature":"0x)../],
  ['check.answered', 0, 'check', /("signature":"0x)../],
] as const)('a forged signature in %s is named', (type, n, what, pattern) => {
  const at = nth(type, n);
  const forged = entries.map((entry, i) =>
    // Other first bytes make another r, so another signer or none.
    i === at ? toUtf8(fromUtf8(entry).replace(pattern, (_, kept: string) => `${kept}a5`)) : entry,
  );
  const difference = replay(forged, { signatures: signatures() }).difference;
  expect(difference).toMatchObject({ index: at, what: `who signed the ${what}` });
  expect(replay(forged, { signatures: signatures(0) }).difference?.index).not.toBe(at);
});

test('a wallet’s signature that no key made is put aside for the chain to judge', () => {
  const at = nth('job.posted', 0);
  const changed = entries.map((entry, i) =>
    i === at ? toUtf8(fromUtf8(entry).replace(/("signature":")0x[0-9a-f]+/, '$10xabcdef')) : entry,
  );
  const check = signatures();
  replay(changed, { signatures: check });
  const { order } = events[at] as ShardEventOf<'job.posted'>;
  expect(check.aside).toMatchObject([{ index: at, what: 'job order', wallet: order.requester, signature: '0xabcdef' }]);
});

test('a share of the signatures is drawn by the auditor’s seed', () => {
  const [half, none] = [signatures(0.5), signatures(0)];
  replay(entries, { signatures: half });
  replay(entries, { signatures: none });
  expect(half.checked).toBeGreaterThan(0);
  expect(half.skipped).toBeGreaterThan(0);
  expect(none.checked).toBe(0);
});

test('the first thing that the chain holds otherwise is named with its epoch', () => {
  const epoch = replay(entries).epochs[1] as ReplayedEpoch;
  expect(compareEpoch(epoch, epoch)).toBeUndefined();
  for (const field of ['claimsRoot', 'receiptsRoot', 'journalRoot'] as const) {
    const found = compareEpoch(epoch, { ...epoch, [field]: toHex(new Uint8Array(32)) });
    expect(found).toMatchObject({ index: epoch.index, epoch: 2, expected: epoch[field] });
  }
  const total = compareEpoch(epoch, { ...epoch, totalCumulative: epoch.totalCumulative + 1n });
  expect(total).toMatchObject({ index: epoch.index, epoch: 2, what: expect.stringContaining('sum of all claims') });
});

test('specs may come late; what fetching them fails with is not the log’s fault', async () => {
  const running = createReplay();
  const late: SpecSource = async (digest) => specOf(digest);
  for (const [index, entry] of entries.entries()) await running.next(index, entry, late);
  expect(running.result()).toMatchObject({ entries: entries.length });
  const failing = createReplay();
  const lost = () => Promise.reject(new Error('offline'));
  const at = nth('job.posted');
  for (const [index, entry] of entries.slice(0, at).entries()) await failing.next(index, entry, lost);
  await expect(failing.next(at, entries[at] as Uint8Array, lost)).rejects.toThrow('offline');
  expect(failing.difference).toBeUndefined();
});
