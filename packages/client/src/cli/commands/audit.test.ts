import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import { publish } from '@reckon/protocol/testing/journal-world';
import { testLogSigner } from '@reckon/protocol/testing/static-log';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startAuditServer } from '../../../testing/audit-server.ts';
import {
  at,
  type AuditWorld,
  chainOf,
  playAuditWorld,
  type ServedWorld,
  serveWorld,
} from '../../../testing/audit-world.ts';
import { runCli } from '../cli.ts';

let world: AuditWorld;
let entries: readonly Uint8Array[];
let folder: string;
let server: Awaited<ReturnType<typeof startAuditServer>> | undefined;
beforeAll(() => {
  world = playAuditWorld();
  entries = publish(world.journal.events);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reckon-audit-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** `reckon audit` at a relay that serves this. */
async function audit(served: ServedWorld, ...args: string[]) {
  await server?.close();
  server = await startAuditServer(served, chainOf(world, entries).epochs);
  const said: string[] = [];
  let printed = '';
  const exitCode = await runCli(['audit', '--relay', server.url, ...args], {
    env: { XDG_CONFIG_HOME: folder },
    print: (text) => (printed += text),
    terminal: { columns: 80, say: (line) => void said.push(line), progress() {}, tick() {}, endProgress() {} },
    signal: new AbortController().signal,
  });
  return { exitCode, printed, said: said.join('\n') };
}
const honest = () => serveWorld(entries, world.blobs);

test('an honest relay: exit code 0, balances, the settlement root, and units computed by a real worker', async () => {
  const { exitCode, printed } = await audit(honest(), '--units', '2', '--signatures', '0.1');
  expect(exitCode).toBe(0);
  expect(printed).toContain('The log, the rules, the chain and 2 recomputed units agree.');
  expect(printed).toContain('2 epochs compared, read through the relay’s bridge');
  expect(printed).toContain(`Settlement root: ${world.journal.state.epochs.at(-1)?.claimsRoot}`);
  expect(printed.match(/█ recomputed/g)).toHaveLength(2);
});

test('one JSON object holds it all; the chain can be read from a node of one’s own', async () => {
  const served = honest();
  const node = await startAuditServer(served, chainOf(world, entries).epochs);
  const { exitCode, printed } = await audit(
    served,
    '--json',
    '--units',
    '0',
    '--signatures',
    'none',
    '--rpc',
    `${node.url}/rpc`,
  );
  await node.close();
  expect(exitCode).toBe(0);
  const report = JSON.parse(printed) as Record<string, unknown>;
  expect(report).toMatchObject({
    ok: true,
    entries: entries.length,
    recomputed: [],
    chain: { compared: 2, ownNode: true },
  });
  expect(report['balances']).toHaveLength(5);
  expect(report['settlementRoot']).toBe(world.journal.state.epochs.at(-1)?.claimsRoot);
});

test('a tampered log: exit code 1, the entry is named and shown', async () => {
  const { events } = world.journal;
  const index = at(events, 'replica.committed', 2);
  const forged = publish(
    events.map((event, i) => (i === index ? { ...event, seal: `0x${'ab'.repeat(32)}` } : event)) as typeof events,
  );
  const { exitCode, printed, said } = await audit(serveWorld(forged, world.blobs), '--signatures', 'none');
  expect(exitCode).toBe(1);
  expect(printed).toBe('');
  expect(said).toMatch(/AUDIT_DIFFERENCE: Log entry \d+: an opened result should be the one that was sealed/);
  expect(said).toContain('The entry as it was served: {"type":"unit.opened"');
  const json = await audit(
    serveWorld(forged, world.blobs),
    '--signatures',
    'none',
    '--json',
    '--state',
    join(folder, 'other'),
  );
  expect(json.exitCode).toBe(1);
  expect(JSON.parse(json.printed)).toMatchObject({
    ok: false,
    error: { code: 'AUDIT_DIFFERENCE', details: { index: expect.any(Number) } },
  });
});

test('what a stranger put into the log cannot steer the terminal', async () => {
  const index = at(world.journal.events, 'node.asked', 2);
  const forged = entries.map((entry, i) => (i === index ? toUtf8('\u001b[2Jall is well') : entry));
  const { said } = await audit(serveWorld(forged, world.blobs), '--signatures', 'none');
  expect(said).toContain('The entry as it was served: ·[2Jall is well');
  expect(said).not.toContain('\u001b');
});

test('the checkpoint is kept: a log that shrinks is refused the next time, and another auditor’s is compared', async () => {
  const state = join(folder, 'seen');
  const fast = ['--units', '0', '--signatures', 'none', '--state', state];
  expect((await audit(honest(), ...fast)).exitCode).toBe(0);
  expect(await readFile(state, 'utf8')).toBe(honest().note);
  const shorter = serveWorld(entries.slice(0, -1), world.blobs);
  const shrunk = await audit(shorter, ...fast);
  expect(shrunk).toMatchObject({ exitCode: 1, said: expect.stringContaining('CHECKPOINT_NOT_EXTENDED') });

  const theirs = join(folder, 'theirs');
  await writeFile(theirs, shorter.note);
  expect((await audit(honest(), ...fast, '--compare', theirs)).printed).toContain('one log with the other auditor’s');
  const split = serveWorld([...entries.slice(0, -1), toUtf8('{}')], world.blobs);
  await writeFile(theirs, split.note);
  expect((await audit(honest(), ...fast, '--compare', theirs)).said).toContain('CHECKPOINT_NOT_EXTENDED');
  await writeFile(theirs, serveWorld(entries, world.blobs, { signer: testLogSigner(9) }).note);
  expect((await audit(honest(), ...fast, '--compare', theirs)).said).toContain('CHECKPOINT_INVALID');
});

test.each([
  ['half a unit', ['--units', '0.5']],
  ['a share above one', ['--signatures', '2']],
  ['a checkpoint that is not there', ['--compare', '/nowhere/at/all']],
  ['an RPC that is no address', ['--rpc', 'ftp://x']],
])('%s is wrong usage', async (_what, args) => {
  expect((await audit(honest(), ...args)).exitCode).toBe(2);
});
