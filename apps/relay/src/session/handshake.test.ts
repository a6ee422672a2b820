import { createKeySigner } from '@reckon/protocol/base/signature';
import { signConsent } from '@reckon/protocol/model/consent';
import { encodeFrame } from '@reckon/protocol/wire/framing';
import { afterEach, expect, test } from 'vitest';
import { testKernels } from '../../testing/test-kernel.ts';
import { createWorld, domain, keyOf, type World } from '../../testing/world.ts';

const echo = testKernels.refs[0] as (typeof testKernels.refs)[number];
const worlds: World[] = [];
async function newWorld(): Promise<World> {
  const world = await createWorld();
  worlds.push(world);
  return world;
}
afterEach(() => {
  // Whatever a node sends, nothing inside may fail.
  for (const world of worlds.splice(0)) expect(world.failures).toEqual([]);
});

const seconds = (world: World) => Math.floor(world.clock.now() / 1000);

test.each([
  ['PROTOCOL_VERSION', () => ({ v: 1 })],
  ['SIGNATURE_INVALID', () => ({ signature: createKeySigner(keyOf(9)).sign(new Uint8Array(32)) })],
  ['SITE_UNKNOWN', () => ({ kind: 'widget' as const })],
  ['SITE_UNKNOWN', () => ({ kind: 'tab' as const })],
  [
    'CONSENT_MISSING',
    (world: World) => ({ consent: signConsent(domain, createKeySigner(keyOf(9)), 'headless', seconds(world)) }),
  ],
  [
    'CONSENT_EXPIRED',
    (world: World) => ({
      consent: signConsent(domain, createKeySigner(keyOf(1)), 'headless', seconds(world) - 90_000),
    }),
  ],
] as const)('a hello with %s is refused and ends the connection', async (code, change) => {
  const world = await newWorld();
  const node = world.connect(1);
  await node.hello(change(world));
  expect(await node.next('refused')).toMatchObject({ fatal: true, error: { code } });
  await node.closed;
  expect(world.coordinator.state.nodes.size).toBe(0);
});

test('a node whose kernels are not served is refused with the reason', async () => {
  const world = await newWorld();
  const node = world.connect(1);
  const kernels = [{ name: 'echo@1.0.0', digest: `0x${'00'.repeat(32)}` as typeof echo.digest }];
  const capabilities = {
    backends: ['wasm' as const],
    device: 'x',
    deviceClass: 'cpu' as const,
    workers: 1,
    memoryMb: 1,
  };
  await node.hello({ capabilities: { ...capabilities, kernels } });
  expect(await node.next('refused')).toMatchObject({ fatal: true, error: { code: 'KERNEL_DIGEST_MISMATCH' } });
});

test('a widget of a registered site may join', async () => {
  const world = await newWorld();
  const node = world.connect(1);
  const consent = signConsent(domain, node.signer, 'example', seconds(world));
  await node.hello({ kind: 'widget', consent });
  await node.next('welcome');
});

test.each([
  ['text that is not JSON', '{', 'MESSAGE_INVALID'],
  ['an unknown type', '{"type":"mine","seq":1}', 'MESSAGE_INVALID'],
  ['a message before the hello', '{"type":"ready","seq":1,"slots":1}', 'MESSAGE_OUT_OF_ORDER'],
  ['an oversized message', `{"type":"${'x'.repeat(70_000)}"}`, 'MESSAGE_TOO_LARGE'],
  [
    'a frame before the hello',
    encodeFrame({ stream: 0, offset: 0, total: 1, payload: new Uint8Array(1) }),
    'MESSAGE_OUT_OF_ORDER',
  ],
])('%s as first message ends the connection with a code', async (_what, data, code) => {
  const world = await newWorld();
  const node = world.connect(1);
  node.channel.send(data);
  expect(await node.next('refused')).toMatchObject({ fatal: true, error: { code } });
  await node.closed;
});

test('a replayed message is refused and the connection stays', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  node.channel.send('{"type":"ready","seq":1,"slots":4}');
  expect(await node.next('refused')).toMatchObject({ fatal: false, error: { code: 'MESSAGE_REPLAYED' } });
  expect(world.coordinator.slotsOf(node.signer.nodeId)).toBe(0);
  node.send({ type: 'ready', slots: 3 });
  await world.settled();
  expect(world.coordinator.slotsOf(node.signer.nodeId)).toBe(3);
});

test('a second hello is out of order', async () => {
  const world = await newWorld();
  const node = await world.join(1);
  const other = world.connect(1);
  const challenge = await other.next('challenge');
  other.messages.length = 0;
  node.messages.push(challenge);
  await node.hello();
  expect(await node.next('refused')).toMatchObject({ error: { code: 'MESSAGE_OUT_OF_ORDER' } });
});

test('twenty broken messages end the connection; a flood ends it too', async () => {
  const world = await newWorld();
  const broken = await world.join(1);
  for (let i = 0; i < 20; i++) broken.channel.send('nonsense');
  await broken.closed;
  const flooding = await world.join(2);
  for (let i = 0; i < 1100; i++) flooding.channel.send('{"type":"ready","seq":1,"slots":1}');
  await flooding.closed;
  expect(flooding.messages.at(-1)).toMatchObject({ type: 'refused', fatal: true, error: { code: 'RATE_LIMITED' } });
});
