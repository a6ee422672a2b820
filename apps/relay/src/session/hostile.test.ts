import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { hashTypedData } from '@reckon/protocol/base/typed-data';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { encodeFrame } from '@reckon/protocol/wire/framing';
import { afterEach, expect, test } from 'vitest';
import { makeSpec } from '../../testing/requester.ts';
import { testKernels } from '../../testing/test-kernel.ts';
import { createWorld, domain, keyOf, type World } from '../../testing/world.ts';

/** What a node may send to harm the relay, its journal or others. */

const echo = testKernels.refs[0] as (typeof testKernels.refs)[number];
const one = { quorum: 1, maxReplicas: 3, kind: 'quorum' as const };
const worlds: World[] = [];
async function newWorld(settings: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  const world = await createWorld(settings);
  worlds.push(world);
  return world;
}
afterEach(() => {
  for (const world of worlds.splice(0)) expect(world.failures).toEqual([]);
});

function delegationOf(nodeKey: `0x${string}`, expiry: number, key = keyOf(50)) {
  const wallet = createKeySigner(key);
  const message = { nodeKey, payoutAddress: wallet.nodeId as string, scopes: 'rewards' as const, expiry } as never;
  const signature = wallet.sign(hashTypedData(domain, 'Delegation', message));
  return { ...(message as object), signature } as never;
}

test('a delegation of the far future is taken, and the journal can still be replayed', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  node.send({ type: 'delegate', delegation: delegationOf(node.signer.nodeId, 0xffff_ffff_ff) });
  await node.next('delegated');
  const again = await newWorld({ entries: world.journal.entries, clock: world.clock });
  expect(again.coordinator.state.nodes.get(node.signer.nodeId)?.payout?.expiry).toBe(0xffff_ffff_ff);
});

test('an event that a replay could not read is refused, not journalled', async () => {
  const world = await newWorld();
  const before = world.journal.size;
  const event = { type: 'clock.ticked', at: 1.5, draw: 0 } as const;
  await expect(world.coordinator.submit(event)).rejects.toMatchObject({ code: 'MESSAGE_INVALID' });
  await world.settled();
  expect(world.journal.size).toBe(before);
});

test('a delegation repeated over and over is answered but journalled once', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  const delegation = delegationOf(node.signer.nodeId, Math.floor(world.clock.now() / 1000) + 3600);
  for (let i = 0; i < 5; i++) node.send({ type: 'delegate', delegation });
  for (let i = 0; i < 5; i++) await node.next('delegated');
  await world.settled();
  const texts = world.journal.entries.map((entry) => new TextDecoder().decode(entry));
  expect(texts.filter((text) => text.includes('node.delegated'))).toHaveLength(1);
});

test('a node that changes its payout address all the time is let go', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  const expiry = Math.floor(world.clock.now() / 1000) + 3600;
  for (let i = 1; i <= 40; i++) {
    node.send({ type: 'delegate', delegation: delegationOf(node.signer.nodeId, expiry, keyOf(100 + i)) });
  }
  expect(await node.closed).toBe('RATE_LIMITED');
});

test('a delegation that has ended already is refused', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  const ended = Math.floor(world.clock.now() / 1000) - 1;
  node.send({ type: 'delegate', delegation: delegationOf(node.signer.nodeId, ended) });
  expect(await node.next('refused')).toMatchObject({ error: { code: 'SIGNATURE_INVALID' } });
});

test.each(['bye', 'lost', 'deadline', 'not-needed'])(
  'a failure called "%s" is a failure all the same',
  async (code) => {
    const world = await newWorld();
    await world.post(makeSpec(echo, 1, { policy: one }));
    const node = await world.join(1, 1);
    const { workUnitId } = await node.next('lease');
    node.send({ type: 'failed', workUnitId, error: { code, details: {} } });
    await world.settled();
    expect(node.messages.filter((message) => message.type === 'lease')).toHaveLength(1);
    await (await world.join(2, 1)).next('lease');
  },
);

test('a result cut into tiny frames is refused before it fills the memory with them', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  const lease = await node.next('lease');
  const bytes = new Uint8Array(150_000).fill(65);
  node.attest([node.leafOf(lease, bytes)]);
  node.send({ type: 'blob', stream: 1, digest: hashBlob(bytes), size: bytes.length });
  node.channel.send(encodeFrame({ stream: 1, offset: 0, total: bytes.length, payload: bytes.slice(0, 1) }));
  expect(await node.next('refused')).toMatchObject({ error: { code: 'MESSAGE_INVALID' } });
  node.sendBlob(bytes);
  await node.next('stored');
});

test('frames of a stream that was dropped are not endless', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one }));
  const node = await world.join(1, 1);
  node.finish(await node.next('lease'), 'right');
  await node.next('stored');
  const bytes = toUtf8('right');
  // Announced again: known, so its frames are dropped; but not more of them than the blob has.
  node.send({ type: 'blob', stream: 9, digest: hashBlob(bytes), size: bytes.length });
  const frame = encodeFrame({ stream: 9, offset: 0, total: bytes.length, payload: bytes });
  for (let i = 0; i < 100; i++) node.channel.send(frame);
  expect(await node.closed).toMatch(/MESSAGE/);
});

test('what failed inside the relay is not told to nodes in words', async () => {
  const world = await newWorld();
  await world.post(makeSpec(echo, 1, { policy: one, shared: [{ name: 'm', digest: hashBlob(toUtf8('m')), size: 1 }] }));
  const node = await world.join(1, 1);
  await node.next('lease');
  world.blobs.sizeOf = () => Promise.reject(new Error("EACCES: permission denied, stat '/secret/ada/.reckon'"));
  node.send({ type: 'want', digest: hashBlob(toUtf8('m')), offset: 0 });
  const refused = await node.next('refused');
  expect(JSON.stringify(refused.error)).not.toContain('ada');
});

test('a node may be as fast as its units: its work is never a flood', async () => {
  const world = await newWorld();
  const units = 600;
  await world.post(makeSpec(echo, units, { policy: one, leaseMs: 600_000 }));
  const node = await world.join(1, 64);
  // The clock stands still: nothing but the leases allows any message.
  for (let i = 0; i < units; i++) node.finish(await node.next('lease'), `result ${i}`);
  for (let i = 0; i < units; i++) await node.next('stored');
  expect(node.messages.filter((message) => message.type === 'refused')).toEqual([]);
});

test('messages without work are a flood, and end the connection', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  for (let i = 0; i < 1100; i++) node.send({ type: 'ready', slots: 1 });
  expect(await node.closed).toBe('RATE_LIMITED');
});
