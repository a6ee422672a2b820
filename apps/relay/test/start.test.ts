import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { type LogView, readLog } from '@reckon/protocol/journal/log-reader';
import { parseNoteKey } from '@reckon/protocol/journal/note-key';
import type { RelayConfig } from '@reckon/protocol/wire/http';
import Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { connectPeer } from '../testing/connect-peer.ts';
import { connectSocket } from '../testing/connect-websocket.ts';
import { startRelayProcess } from '../testing/relay-process.ts';
import { createTestNode } from '../testing/test-node.ts';
import { servedKernels } from '../src/kernels.ts';

const KEY = `0x${'42'.repeat(32)}`;
const address = (byte: string) => `0x${byte.repeat(20)}` as const;
const contracts = { token: address('01'), escrow: address('02'), settlement: address('03') };

const cleaners: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

function newConfig(over: object = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'reckon-start-'));
  cleaners.push(() => rmSync(dataDir, { recursive: true, force: true }));
  // Nothing listens there: a relay starts, and says so, without its chain.
  const chain = { rpcUrl: 'http://127.0.0.1:9', chainId: 31337, contracts };
  return { dataDir, port: 0, embedPort: 0, chain, publishLagMs: 0, logLevel: 'silent', ...over };
}

async function start(config: object, secrets: Record<string, string> = { RECKON_OPERATOR_KEY: KEY }) {
  const relay = await startRelayProcess(config, secrets);
  cleaners.push(() => relay.kill());
  return relay;
}

test('a relay says when it is ready, serves both origins and stops cleanly', async () => {
  const config = newConfig();
  const relay = await start(config);
  const { port, embedPort } = relay.announcement;
  const answer = (await (await fetch(`http://127.0.0.1:${port}/api/config`)).json()) as { embedOrigin: string };
  expect(answer.embedOrigin).toBe(`http://127.0.0.1:${embedPort}`);
  expect((await fetch(`http://127.0.0.1:${embedPort}/api/config`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${embedPort}/api/jobs`)).status).toBe(404);
  // A stop that takes more than 2.5 seconds ends with 1.
  expect(await relay.stop()).toBe(0);
  expect(() => readFileSync(join(config.dataDir, 'relay.lock'))).toThrow();
});

test('a relay publishes its log at once, and after a restart one that extends it', async () => {
  const config = newConfig({ relayId: 'relay.test' });
  const views = [];
  for (let run = 0; run < 2; run++) {
    const relay = await start(config);
    const origin = `http://127.0.0.1:${relay.announcement.port}`;
    const { log } = (await (await fetch(`${origin}/api/config`)).json()) as RelayConfig;
    const get = async (path: string) =>
      new Uint8Array(await (await fetch(`${origin}${log.path}/${path}`)).arrayBuffer());
    const view = await readLog({ fetch: get, origin: 'relay.test/log', key: parseNoteKey(log.key) });
    for await (const { entry } of view.entries(0, 1)) expect(fromUtf8(entry)).toContain('"shard.opened"');
    views.push(view);
    if (run > 0) await view.requireExtends((views[0] as LogView).checkpoint);
    if (run > 0) expect(await relay.stop()).toBe(0);
    else await relay.kill();
  }
});

test('a node joins the running relay over WebRTC and over WebSocket, at either origin', async () => {
  const relay = await start(newConfig());
  const { port, embedPort } = relay.announcement as { port: number; embedPort: number };
  const config = (await (await fetch(`http://127.0.0.1:${port}/api/config`)).json()) as {
    signalling: { relayPeerId: string };
  };
  const { relayPeerId } = config.signalling;
  const domain = { chainId: 31337, verifyingContract: contracts.settlement as never };
  const tickets = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const body = JSON.stringify({ nodeId: address('11') });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`http://127.0.0.1:${embedPort}/api/session`, { method: 'POST', body, headers });
      return (await response.json()) as { peerId: string; token: string };
    }),
  );
  const ticket = () => tickets.pop() as { peerId: string; token: string };
  const { channel: overPeer, peer } = await connectPeer({ port: embedPort, relayPeerId, ticket });
  cleaners.push(() => peer.destroy());
  const channels = [overPeer, await connectSocket(`ws://127.0.0.1:${port}/ws`)];
  for (const [i, channel] of channels.entries()) {
    const key = new Uint8Array(32).fill(i + 1);
    const node = createTestNode({ channel, key, domain, kernels: servedKernels.refs, now: Date.now });
    await node.hello();
    await node.next('welcome');
    node.channel.close();
  }
  const elsewhere = connectSocket(`ws://127.0.0.1:${port}/elsewhere`);
  await expect(elsewhere).rejects.toThrow('404');
});

test('a port in use is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  cleaners.push(() => other.close());
  const { port } = other.address() as AddressInfo;
  const relay = await start(newConfig({ port }));
  expect(relay.announcement).toMatchObject({ ready: false, error: { code: 'PORT_IN_USE', details: { port } } });
});

test('a second relay on the same data is refused', async () => {
  const config = newConfig();
  const first = await start(config);
  const second = await start(config);
  expect(second.announcement).toMatchObject({
    ready: false,
    error: { code: 'DATA_LOCKED', details: { pid: first.child.pid } },
  });
});

test('a wrong setting and a missing key are refused with what was expected', async () => {
  const wrong = await start(newConfig({ port: -1 }));
  expect(wrong.announcement.error).toMatchObject({ code: 'USAGE' });
  const keyless = await start(newConfig(), {});
  expect(JSON.stringify(keyless.announcement)).toContain('RECKON_OPERATOR_KEY');
});

test('a spoiled journal stops the start and names the entry; a spoiled read model is built again', async () => {
  const config = newConfig();
  expect(await (await start(config)).stop()).toBe(0);
  for (const name of ['readmodel.sqlite', 'readmodel.sqlite-wal', 'readmodel.sqlite-shm']) {
    rmSync(join(config.dataDir, name), { force: true });
  }
  const rebuilt = await start(config);
  const { port } = rebuilt.announcement;
  expect((await fetch(`http://127.0.0.1:${port}/api/jobs`)).status).toBe(200);
  expect(await rebuilt.stop()).toBe(0);
  writeFileSync(join(config.dataDir, 'readmodel.sqlite'), 'this is no database, it is long enough to be read as one');
  const again = await start(config);
  expect(again.announcement).toMatchObject({ ready: true });
  expect(await again.stop()).toBe(0);
  const db = new Database(join(config.dataDir, 'journal.sqlite'));
  db.exec("update entries set entry = x'7b7d' where idx = 0");
  db.close();
  const spoiled = await start(config);
  expect(spoiled.announcement).toMatchObject({
    ready: false,
    error: { code: 'JOURNAL_CORRUPT', details: { index: 0 } },
  });
});
