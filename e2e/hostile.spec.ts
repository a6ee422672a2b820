import { hashUnitInput } from '@reckon/protocol/base/hash';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { signConsent } from '@reckon/protocol/model/consent';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import { type Lease, MAX_CONTROL_CHARS } from '@reckon/protocol/wire/messages';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCli } from './fixtures/cli.ts';
import type { Program } from './fixtures/program.ts';
import { openRawNode, type RawNode } from './fixtures/raw-node.ts';
import { rawResult, sayBytes, sayCommit, sayReveal } from './fixtures/raw-result.ts';
import { exampleJob, newRequester, type Requester } from './fixtures/requester.ts';
import { type Stack, startStack } from './fixtures/stack.ts';

let stack: Stack;
let requester: Requester;
beforeAll(async () => {
  stack = await startStack({ house: false, sample: false });
  requester = await newRequester(stack.url);
});
afterAll(() => stack?.stop());

const meet = (): Promise<RawNode> => openRawNode(stack.url, requester.config);
/** A node the relay has welcomed, holding leases of a job posted for it. */
async function leased(slots: number): Promise<{ node: RawNode; leases: Lease[] }> {
  await requester.post(exampleJob('mandelbrot', { params: { width: 480, height: 320 } }));
  const node = await meet();
  node.say(node.hello());
  await node.hear('welcome');
  node.say({ type: 'ready', slots });
  const leases = [];
  for (let i = 0; i < slots; i++) leases.push(await node.hear('lease'));
  return { node, leases };
}
test('malformed, oversized, replayed and unknown messages are refused with a code; the connection stays', async () => {
  const node = await meet();
  node.say(node.hello());
  await node.hear('welcome');
  node.sayRaw('{ not json');
  expect(await node.hear('refused')).toMatchObject({ fatal: false, error: { code: 'MESSAGE_INVALID' } });
  node.say({ type: 'ready', slots: 'many' });
  expect((await node.hear('refused')).error).toEqual({
    code: 'MESSAGE_INVALID',
    details: { path: 'slots', expected: 'a number', received: '"many"' },
  });
  node.say({ type: 'steal' });
  expect((await node.hear('refused')).error.code).toBe('MESSAGE_INVALID');
  node.sayRaw(' '.repeat(MAX_CONTROL_CHARS + 1));
  expect((await node.hear('refused')).error).toMatchObject({
    code: 'MESSAGE_TOO_LARGE',
    details: { limitBytes: MAX_CONTROL_CHARS },
  });
  node.say({ type: 'ready', slots: 0, seq: 50 });
  node.say({ type: 'ready', slots: 0, seq: 50 });
  expect((await node.hear('refused')).error).toEqual({ code: 'MESSAGE_REPLAYED', details: { seq: 50, last: 50 } });
  node.say({ type: 'heartbeat', seq: 51, units: [], busyMs: 0, slotMs: 0 });
  node.say({ type: 'want', seq: 52, digest: `0x${'12'.repeat(32)}`, offset: 0 });
  await node.hear('missing');
  node.leave();
});

test('a node that speaks before it is welcome, or as somebody else, is not let in', async () => {
  const early = await meet();
  early.say({ type: 'ready', slots: 1 });
  expect((await early.hear('refused')).error).toMatchObject({
    code: 'MESSAGE_OUT_OF_ORDER',
    details: { received: 'ready' },
  });

  const forger = await meet();
  const other = createKeySigner(crypto.getRandomValues(new Uint8Array(32)));
  forger.say(forger.hello({ nodeId: other.nodeId }));
  expect(await forger.hear('refused')).toMatchObject({ fatal: true, error: { code: 'SIGNATURE_INVALID' } });
  await forger.closed;

  const old = await meet();
  old.say(old.hello({ v: 99 }));
  expect(await old.hear('refused')).toMatchObject({ fatal: true, error: { code: 'PROTOCOL_VERSION' } });
  early.leave();
});

test('no consent, no lease: another’s, an ended, a foreign site’s and a changed one are all refused', async () => {
  const now = Math.floor(Date.now() / 1000);
  const day = 24 * 60 * 60;
  const wrong: [string, (node: RawNode) => object, string][] = [
    [
      'by another node',
      (node) => signConsent(node.domain, createKeySigner(new Uint8Array(32).fill(7)), 'self', now),
      'CONSENT_MISSING',
    ],
    ['ended', (node) => signConsent(node.domain, node.signer, 'self', now - day - 1), 'CONSENT_EXPIRED'],
    ['for a site nobody registered', (node) => signConsent(node.domain, node.signer, 'nowhere', now), 'SITE_UNKNOWN'],
    [
      'longer than a day',
      (node) => ({ ...signConsent(node.domain, node.signer, 'self', now), expiresAt: now + 2 * day }),
      'CONSENT_MISSING',
    ],
  ];
  for (const [what, consent, code] of wrong) {
    const node = await meet();
    node.say(node.hello({ consent: consent(node) }));
    expect(await node.hear('refused'), what).toMatchObject({ fatal: true, error: { code } });
    await node.closed;
    expect(node.heard('lease'), what).toBe(0);
  }
});

test('a result by another key, for another’s unit, of another input or another seal counts for nothing, and so do forged bytes', async () => {
  const { node, leases } = await leased(6);
  const [first, second, third, fourth, fifth, sixth] = leases as [Lease, Lease, Lease, Lease, Lease, Lease];
  const bytes = toUtf8('a result');
  const stranger = createKeySigner(crypto.getRandomValues(new Uint8Array(32)));
  const foreign = rawResult(first, bytes);
  sayCommit(node, foreign);
  sayReveal(node, foreign, stranger);
  expect(await node.hear('refused')).toMatchObject({
    workUnitId: first.workUnitId,
    error: { code: 'SIGNATURE_INVALID' },
  });

  const honest = rawResult(second, bytes);
  const wrongInput = { ...honest, leaf: { ...honest.leaf, inputDigest: hashUnitInput('{}', []) } };
  sayCommit(node, wrongInput);
  sayReveal(node, wrongInput);
  expect(await node.hear('refused')).toMatchObject({
    workUnitId: second.workUnitId,
    error: { code: 'ATTESTATION_MISMATCH', details: { field: 'inputDigest' } },
  });

  const { node: other, leases: others } = await leased(1);
  sayCommit(other, rawResult(third, bytes));
  expect(await other.hear('refused')).toMatchObject({ error: { code: 'LEASE_MISSING' } });

  // Shown before it was sealed, and another than was sealed.
  const unsealed = rawResult(fifth, bytes);
  sayReveal(node, unsealed);
  expect(await node.hear('refused')).toMatchObject({
    workUnitId: fifth.workUnitId,
    error: { code: 'REVEAL_WITHOUT_COMMIT' },
  });
  sayCommit(node, rawResult(sixth, bytes));
  sayReveal(node, rawResult(sixth, toUtf8('b result')));
  expect(await node.hear('refused')).toMatchObject({
    workUnitId: sixth.workUnitId,
    error: { code: 'SEAL_MISMATCH' },
  });
  sayCommit(node, rawResult(sixth, bytes));
  expect(await node.hear('refused')).toMatchObject({ workUnitId: sixth.workUnitId, error: { code: 'SEAL_REPEATED' } });

  // Bytes that are not those it signed for.
  const swapped = rawResult(third, toUtf8('c result'));
  sayCommit(node, swapped);
  sayReveal(node, swapped);
  sayBytes(node, 1, swapped, toUtf8('d result'));
  expect((await node.hear('refused')).error).toMatchObject({
    code: 'BLOB_CORRUPT',
    details: { expected: swapped.leaf.resultDigest },
  });

  // Bytes that are those it signed for, and no picture.
  const noPicture = rawResult(fourth, bytes);
  sayCommit(node, noPicture);
  sayReveal(node, noPicture);
  sayBytes(node, 2, noPicture);
  expect((await node.hear('refused')).error.code).toBe('KERNEL_RESULT_INVALID');
  expect(node.heard('stored')).toBe(0);
  const summary = await requester.relay.node(node.signer.nodeId);
  expect(summary).toMatchObject({ units: { agreed: 0 }, earned: 0n, credits: 0 });
  expect(others).toHaveLength(1);
  node.leave();
  other.leave();
});

test('after all that honest nodes complete every job that was posted', async () => {
  const env = (name: string) => ({ env: { RECKON_RELAY: stack.url, XDG_CONFIG_HOME: `${stack.data}/${name}` } });
  const nodes: Program[] = ['ada', 'grace'].map((name) => startCli(['node', '--workers', '1'], env(name)));
  try {
    for (const { jobId } of await requester.relay.jobs({})) {
      expect(await requester.ended(jobId)).toMatchObject({ status: 'completed', units: { failed: 0 } });
    }
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
}, 90_000);
