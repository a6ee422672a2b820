import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { expect, test } from 'vitest';
import { createWorld, type World } from '../../testing/world.ts';

const bytes = new Uint8Array(300_000).map((_, i) => i % 253);
const digest = hashBlob(bytes);
const path = `/api/blobs/${digest}`;

const put = (world: World, body: Uint8Array, headers: Record<string, string> = {}, at = path) =>
  world.app.request(at, {
    method: 'PUT',
    body: body as Uint8Array<ArrayBuffer>,
    headers: { 'content-length': String(body.length), ...headers },
  });
const bodyOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

test('a blob is put, asked for and got, whole and in part', async () => {
  const world = await createWorld();
  expect((await put(world, bytes)).status).toBe(201);
  const head = await world.app.request(path, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '300000']);
  const whole = await world.app.request(path);
  expect(whole.headers.get('cache-control')).toContain('immutable');
  expect(whole.headers.get('content-security-policy')).toContain('sandbox');
  expect(await bodyOf(whole)).toEqual(bytes);
  const rest = await world.app.request(path, { headers: { range: 'bytes=299990-' } });
  expect([rest.status, rest.headers.get('content-range')]).toEqual([206, 'bytes 299990-299999/300000']);
  expect(await bodyOf(rest)).toEqual(bytes.slice(299_990));
  const beyond = await world.app.request(path, { headers: { range: 'bytes=300000-' } });
  expect([beyond.status, await codeOf(beyond)]).toEqual([416, 'BLOB_RANGE']);
});

test('an upload in parts resumes where it stands', async () => {
  const world = await createWorld();
  const first = await put(world, bytes.slice(0, 100_000), { 'content-range': 'bytes 0-99999/300000' });
  expect(first.status).toBe(202);
  const head = await world.app.request(path, { method: 'HEAD' });
  expect([head.status, head.headers.get('x-reckon-offset')]).toEqual([404, '100000']);
  const gap = await put(world, bytes.slice(200_000), { 'content-range': 'bytes 200000-299999/300000' });
  expect([gap.status, await codeOf(gap)]).toEqual([416, 'BLOB_RANGE']);
  // It overlaps what is there already, as a client does that did not ask.
  const last = await put(world, bytes.slice(50_000), { 'content-range': 'bytes 50000-299999/300000' });
  expect(last.status).toBe(201);
  expect(await bodyOf(await world.app.request(path))).toEqual(bytes);
});

test('what is wrong with a blob is said with a code', async () => {
  const world = await createWorld();
  const other = await put(world, toUtf8('other'));
  expect([other.status, await codeOf(other)]).toEqual([422, 'BLOB_CORRUPT']);
  const large = await put(world, bytes, { 'content-length': '1000001' });
  expect([large.status, await codeOf(large)]).toEqual([413, 'BLOB_TOO_LARGE']);
  const longer = await put(world, bytes, { 'content-length': '10' });
  expect([longer.status, await codeOf(longer)]).toEqual([413, 'BLOB_TOO_LARGE']);
  expect(await codeOf(await put(world, bytes, { 'content-range': 'bytes 0-1' }))).toBe('MESSAGE_INVALID');
  expect(await codeOf(await put(world, bytes, {}, '/api/blobs/0x1234'))).toBe('MESSAGE_INVALID');
  expect((await world.app.request(path)).status).toBe(404);
});

test('a blob spoiled in the store is a coded answer, not a broken download', async () => {
  const world = await createWorld();
  await put(world, bytes);
  world.blobs.blobs.set(digest, new Uint8Array(300_000));
  const spoiled = await world.app.request(path);
  expect([spoiled.status, await codeOf(spoiled)]).toEqual([422, 'BLOB_CORRUPT']);
  expect((await world.app.request(path)).status).toBe(404);
});

test('the empty blob is one too', async () => {
  const world = await createWorld();
  const nothing = new Uint8Array(0);
  const at = `/api/blobs/${hashBlob(nothing)}`;
  expect((await put(world, nothing, {}, at)).status).toBe(201);
  const got = await world.app.request(at);
  expect([got.status, (await bodyOf(got)).length]).toEqual([200, 0]);
});

test('a range that ends before it begins is none, and none of an empty blob can be had', async () => {
  const world = await createWorld();
  await put(world, bytes);
  const whole = await world.app.request(path, { headers: { range: 'bytes=5-2' } });
  expect([whole.status, whole.headers.get('content-length')]).toEqual([200, '300000']);
  const nothing = new Uint8Array(0);
  const at = `/api/blobs/${hashBlob(nothing)}`;
  await put(world, nothing, {}, at);
  expect((await world.app.request(at, { headers: { range: 'bytes=0-' } })).status).toBe(416);
});
