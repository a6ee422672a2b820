import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { toHex, toUtf8 } from '@reckon/protocol/base/bytes';
import { parse } from '@reckon/protocol/base/parse';
import { hashRange } from '@reckon/protocol/journal/log-proofs';
import { readLog } from '@reckon/protocol/journal/log-reader';
import { parseNoteKey } from '@reckon/protocol/journal/note-key';
import { decodeBundle } from '@reckon/protocol/journal/tile-bytes';
import { textbookRoot } from '@reckon/protocol/testing/static-log';
import { Problem, RelayConfig } from '@reckon/protocol/wire/http';
import { expect, test } from 'vitest';
import { createMemoryJournal } from '../../testing/memory-journal.ts';
import { createWorld, type World } from '../../testing/world.ts';
import { createEmbedApp, createMainApp } from './app.ts';

/** A world whose journal holds `more` entries that nothing replays: the log does not look into them. */
async function createLoggedWorld(more: number, settings: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(settings);
  await world.journal.append(Array.from({ length: more }, (_, i) => toUtf8(`entry ${i}`)));
  await world.publication.publish(world.journal.size);
  return world;
}

async function sourceOf(world: World) {
  const { log } = parse(RelayConfig, await (await world.app.request('/api/config')).json());
  const fetch = async (path: string) => {
    const response = await world.app.request(`${log.path}/${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    return new Uint8Array(await response.arrayBuffer());
  };
  return { fetch, origin: log.origin, key: parseNoteKey(log.key) };
}

async function problem(world: Pick<World, 'app'>, path: string) {
  const response = await world.app.request(path);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  return parse(Problem, await response.json());
}

test('with nothing but what the relay’s configuration says, anybody reads the whole log and its root', async () => {
  const world = await createLoggedWorld(700);
  const view = await readLog(await sourceOf(world));
  const entries: Uint8Array[] = [];
  for await (const { entry } of view.entries()) entries.push(entry);
  expect(entries).toEqual(world.journal.entries);
  expect(entries.length).toBe(701);
  expect(toHex(view.checkpoint.root)).toBe(toHex(textbookRoot(entries)));
});

test('a restart gives a checkpoint that extends the last one', async () => {
  const first = await createWorld();
  await first.post();
  await first.publication.publish(first.journal.size);
  const { checkpoint: older } = await readLog(await sourceOf(first));
  const { entries } = createMemoryJournal([...first.journal.entries]);
  const { checkpoints, chain, blobs, clock } = first;
  const second = await createLoggedWorld(300, { entries, checkpoints, chain, blobs, clock });
  const view = await readLog(await sourceOf(second));
  expect(view.checkpoint.size).toBeGreaterThan(older.size);
  await view.requireExtends(older);
});

test('what is not published is not served, in any spelling', async () => {
  const world = await createLoggedWorld(299);
  await world.journal.append([toUtf8('found just now')]);
  for (const path of [
    'entries/001.p/45',
    'entries/001',
    'entries/002.p/1',
    '0/001.p/45',
    '1/000.p/2',
    '2/000.p/1',
    '63/000',
  ]) {
    expect(await problem(world, `/log/tile/${path}`)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  }
  expect((await world.app.request('/log/tile/entries/001.p/44')).status).toBe(200);
});

test.each([
  '/log/tile/',
  '/log/tile/0',
  '/log/tile/0/0',
  '/log/tile/0/x000/001',
  '/log/tile/0/%30%30%30',
  '/log/tile/0/000%2ep/1',
  '/log/tile/64/000',
  '/log/tile/entries/000.p/0',
  '/log/tile/entries/000.p/256',
  '/log/tile/entries/-01',
  '/log/tile/entries/000/',
  '/log/tile/entries/000%00',
  '/log/tile//0/000',
  '/log/tile/entries/..%2f..%2fcheckpoint',
  `/log/tile/0/${'x001/'.repeat(400)}000`,
])('%s is refused', async (path) => {
  const world = await createLoggedWorld(300);
  expect(await problem(world, path)).toMatchObject({ status: 400, code: 'LOG_TILE_INVALID' });
});

test('other paths below the log are not there, not even as the dashboard, and the log is read only', async () => {
  const world = await createLoggedWorld(3);
  const webDir = mkdtempSync(join(tmpdir(), 'reckon-web-'));
  writeFileSync(join(webDir, 'index.html'), 'the dashboard');
  const app = createMainApp({ ...world.http, webDir });
  expect(await (await app.request('/jobs')).text()).toBe('the dashboard');
  for (const path of ['/log/', '/log/entries', '/log/journal.sqlite', '/log/tile/../other', '/log/checkpoint/']) {
    expect(await problem({ app }, path)).toMatchObject({ status: 404 });
  }
  rmSync(webDir, { recursive: true });
  for (const method of ['POST', 'PUT', 'DELETE']) {
    expect((await world.app.request('/log/checkpoint', { method })).status).toBe(404);
  }
  expect((await createEmbedApp(world.http).request('/log/checkpoint')).status).toBe(404);
});

test('before anything is published there is no checkpoint', async () => {
  expect(await problem(await createWorld(), '/log/checkpoint')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});

test('types and caching are as the specification asks, for readers on any origin', async () => {
  const world = await createLoggedWorld(299);
  const headersOf = async (path: string) => {
    const { headers } = await world.app.request(`/log/${path}`);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    return [headers.get('content-type'), headers.get('cache-control')];
  };
  const forever = 'public, max-age=31536000, immutable';
  expect(await headersOf('checkpoint')).toEqual(['text/plain; charset=utf-8', 'no-cache']);
  expect(await headersOf('tile/0/000')).toEqual(['application/octet-stream', forever]);
  expect(await headersOf('tile/entries/000')).toEqual(['application/octet-stream', forever]);
  expect(await headersOf('tile/entries/001.p/44')).toEqual(['application/octet-stream', 'public, max-age=60']);
  expect(await headersOf('tile/1/000.p/1')).toEqual(['application/octet-stream', 'public, max-age=60']);
});

test('bundles are compressed for who asks', async () => {
  const world = await createLoggedWorld(299);
  const headers = { 'accept-encoding': 'gzip, deflate' };
  const response = await world.app.request('/log/tile/entries/000', { headers });
  expect([response.headers.get('content-encoding'), response.headers.get('vary')]).toEqual(['gzip', 'accept-encoding']);
  const bytes = new Uint8Array(gunzipSync(Buffer.from(await response.arrayBuffer())));
  expect(decodeBundle({ kind: 'entries', index: 0, width: 256 }, bytes)).toEqual(world.journal.entries.slice(0, 256));
});

test('a sealed epoch names the root of the log before it', async () => {
  const world = await createWorld();
  const { jobId } = await world.post();
  const cancel = { jobId, action: 'cancel' as const, nonce: 1, signature: `0x${'00'.repeat(65)}` as const };
  await world.coordinator.submit({ type: 'job.controlled', at: world.coordinator.stamp(), ...cancel });
  const journalRoot = toHex(textbookRoot(world.journal.entries));
  const before = world.journal.size;
  world.coordinator.sealIfDue();
  await world.settled();
  await world.publication.publish(world.journal.size);
  const view = await readLog(await sourceOf(world));
  for await (const { entry } of view.entries(before, before + 1)) {
    expect(JSON.parse(new TextDecoder().decode(entry))).toMatchObject({ type: 'epoch.sealed', journalRoot });
  }
  expect(toHex(await hashRange(view.readHash, 0, before))).toBe(journalRoot);
});
