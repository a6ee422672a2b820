import { toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { appendToLog, EMPTY_LOG, rootOfLog } from '@reckon/protocol/journal/log-tree';
import type { ShardEventOf } from '@reckon/protocol/journal/entry';
import { DEFAULT_TRUST } from '@reckon/protocol/model/trust-constants';
import { kernelFacts } from '@reckon/protocol/model/kernel-manifest';
import { ReckonError } from '@reckon/protocol/base/errors';
import { expect, test } from 'vitest';
import { createMemoryReveals } from '../testing/memory-reveals.ts';
import { createMemoryJournal } from '../testing/memory-journal.ts';
import { makeSpec } from '../testing/requester.ts';
import { testKernels } from '../testing/test-kernel.ts';
import { contracts, createTestClock, createWorld, OPERATOR } from '../testing/world.ts';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import { createCoordinator } from './coordinator.ts';
import type { Journal } from './journal/journal.ts';
import { createSecrets } from './secrets/secrets.ts';
import { silentLog } from '../testing/silent-log.ts';

const constants = {
  relayId: 'r',
  chainId: 1,
  settlement: contracts.settlement,
  escrow: contracts.escrow,
  operator: OPERATOR,
  feeBps: 0,
  graceMs: 1000,
  trust: DEFAULT_TRUST,
};

function ports(journal: Journal, failures: unknown[] = []) {
  return {
    clock: createTestClock(),
    random: createSeededRandom(1),
    log: silentLog,
    journal,
    specOf: () => Promise.reject(new ReckonError('UNEXPECTED', { cause: 'no job is replayed' })),
    reveals: createMemoryReveals(),
    secretsOf: (relayId: string) => createSecrets(`0x${'07'.repeat(32)}`, relayId),
    defer: setImmediate,
    onFatal: (error: unknown) => void failures.push(error),
  };
}

test('nothing is sent or answered before it is on disk, and events in flight share one append', async () => {
  const journal = createMemoryJournal();
  const order: string[] = [];
  let held: (() => void) | undefined;
  let hold = false;
  const slow: Journal = {
    ...journal,
    async append(entries) {
      if (hold) await new Promise<void>((resolve) => (held = resolve));
      await journal.append(entries);
      order.push(`${entries.length} on disk`);
    },
  };
  const coordinator = await createCoordinator(ports(slow), constants);
  const world = await createWorld();
  const { signer } = await world.join(1);
  const joined = JSON.parse(new TextDecoder().decode(world.journal.entries[1])) as ShardEventOf<'node.joined'>;
  order.length = 0;
  hold = true;
  coordinator.connect(signer.nodeId, { send: (message) => order.push(message.type) });
  void coordinator.submit(joined).then(() => order.push('answered'));
  const signature = `0x${'00'.repeat(65)}` as const;
  const delegated = { nodeId: signer.nodeId, payoutAddress: OPERATOR, expiry: 4e9, signature };
  void coordinator.submit({ type: 'node.delegated', at: joined.at, ...delegated });
  while (held === undefined) await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([]);
  held();
  await coordinator.flushed();
  expect(order).toEqual(['2 on disk', 'delegated', 'answered']);
});

test('a disk that fails ends the relay before anybody is told', async () => {
  const journal = createMemoryJournal();
  const failures: unknown[] = [];
  let broken = false;
  const failing: Journal = {
    ...journal,
    append: (entries) => (broken ? Promise.reject(new Error('disk full')) : journal.append(entries)),
  };
  const coordinator = await createCoordinator(ports(failing, failures), constants);
  const spec = makeSpec(testKernels.refs[0] as never, 2);
  const { jobId, order, signature } = await createWorld().then((world) => world.post(spec));
  broken = true;
  let told = false;
  const kernel = kernelFacts(testKernels.rules('echo@1.0.0').manifest);
  void coordinator.submit({ type: 'job.posted', at: 2, jobId, order, signature, spec, kernel }).then(() => {
    told = true;
  });
  while (failures.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(failures).toEqual([expect.objectContaining({ message: 'disk full' })]);
  expect(told).toBe(false);
  const later = coordinator.submit({ type: 'job.funded', at: 3, jobId, total: 1n, block: 1 });
  await expect(later).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' });
});

test('the log tree is the journal, and an epoch carries its root', async () => {
  const world = await createWorld();
  await world.post();
  let tree = EMPTY_LOG;
  for (const entry of world.journal.entries) tree = appendToLog(tree, entry);
  expect(world.coordinator.log.size).toBe(world.journal.size);
  expect(toHex(rootOfLog(world.coordinator.log))).toBe(toHex(rootOfLog(tree)));
});

test.each([
  ['not JSON', '{', 'it is not JSON'],
  ['another shape', '{"type":"job.funded","at":1}', '"jobId"'],
  ['against the rules', '{"type":"epoch.final","at":1,"epoch":7}', 'the rules ignore it'],
])('a journal with an entry that is %s is refused and the entry named', async (_what, text, cause) => {
  const world = await createWorld();
  const journal = createMemoryJournal([...world.journal.entries, toUtf8(text)]);
  await expect(createCoordinator(ports(journal), constants)).rejects.toMatchObject({
    code: 'JOURNAL_CORRUPT',
    details: { index: world.journal.size, cause: expect.stringContaining(cause) },
  });
});

test('a journal whose job spec is gone from the store is refused and the entry named', async () => {
  const world = await createWorld();
  await world.post();
  const journal = createMemoryJournal([...world.journal.entries]);
  await expect(createCoordinator(ports(journal), constants)).rejects.toMatchObject({
    code: 'JOURNAL_CORRUPT',
    details: { index: 1, cause: expect.stringContaining('its job spec') },
  });
});

test('a journal of another operator’s key is refused: its draws could not be opened', async () => {
  const { journal } = await createWorld();
  const other = {
    ...ports(createMemoryJournal([...journal.entries])),
    secretsOf: (relayId: string) => createSecrets(`0x${'08'.repeat(32)}`, relayId),
  };
  const opened = { ...constants, relayId: 'test-relay', chainId: 31_337 };
  await expect(createCoordinator(other, opened)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('another RECKON_OPERATOR_KEY'),
  });
});

test('a journal of other contracts is refused', async () => {
  const world = await createWorld();
  const other = { ...constants, chainId: 5 };
  await expect(createCoordinator(ports(world.journal), other)).rejects.toMatchObject({ code: 'USAGE' });
});

test('a clock set back does not set the journal back', async () => {
  const world = await createWorld();
  await world.post();
  const before = world.coordinator.state.now;
  world.clock.time -= 60_000;
  expect(world.coordinator.stamp()).toBe(before);
  // And it does not stand still until the clock has caught up.
  world.clock.time += 1000;
  expect(world.coordinator.stamp()).toBe(before + 1000);
});

test('while the chain is away epochs do not pile up', async () => {
  const world = await createWorld();
  for (let i = 0; i < 12; i++) {
    const { jobId } = await world.post();
    const at = world.coordinator.stamp();
    const control = { jobId, action: 'cancel' as const, nonce: 1, signature: `0x${'00'.repeat(65)}` as const };
    await world.coordinator.submit({ type: 'job.controlled', at, ...control });
    world.chain.postEpoch = () => Promise.reject(new Error('away'));
    world.coordinator.sealIfDue();
    await world.coordinator.flushed();
  }
  expect(world.coordinator.state.epochs).toHaveLength(8);
});
