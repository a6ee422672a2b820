import { hashBlob } from '@reckon/protocol/base/hash';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BlobServer, startBlobServer } from '../testing/blob-server.ts';
import { UPLOAD_PART_BYTES } from './blobs.ts';
import { createRelayClient, type RelayClient } from './relay-client.ts';

let server: BlobServer;
let relay: RelayClient;
beforeEach(async () => {
  server = await startBlobServer();
  relay = createRelayClient(`${server.url}/`);
});
afterEach(() => server.close());

/** Bytes that differ from place to place, so that a wrong offset cannot go unseen. */
const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 2_654_435_761) >>> 13);

test('a small blob goes up in one request, and not again', async () => {
  const bytes = pattern(1000);
  const digest = await relay.uploadBlob(bytes);
  expect(digest).toBe(hashBlob(bytes));
  expect(server.blobs.get(digest)?.equals(bytes)).toBe(true);
  await relay.uploadBlob(bytes);
  expect(server.requests).toEqual(['HEAD', 'PUT', 'HEAD']);
});

test('an empty blob is stored too', async () => {
  const digest = await relay.uploadBlob(new Uint8Array(0));
  expect(server.blobs.get(digest)?.length).toBe(0);
});

test('a large blob goes up in parts, with progress to the last byte', async () => {
  const bytes = pattern(2 * UPLOAD_PART_BYTES + 5);
  const seen: number[] = [];
  const digest = await relay.uploadBlob(bytes, { onProgress: (sent) => seen.push(sent) });
  expect(server.blobs.get(digest)?.equals(bytes)).toBe(true);
  expect(server.requests.filter((line) => line.startsWith('PUT'))).toHaveLength(3);
  expect(seen).toEqual([0, UPLOAD_PART_BYTES, 2 * UPLOAD_PART_BYTES, bytes.length]);
});

test('an upload whose connection breaks goes on from the bytes that arrived', async () => {
  const bytes = pattern(300_000);
  server.breaks = [100_000];
  const digest = await relay.uploadBlob(bytes);
  expect(server.blobs.get(digest)?.equals(bytes)).toBe(true);
  const [, second] = server.requests.filter((line) => line.startsWith('PUT'));
  expect(second).toBe('PUT bytes 100000-299999/300000');
});

test('an upload that gains nothing gives up with RELAY_UNREACHABLE', async () => {
  server.breaks = Array.from({ length: 20 }, () => 0);
  await expect(relay.uploadBlob(pattern(1000))).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE' });
});

test('a download whose connection breaks goes on by range and is whole', async () => {
  const bytes = pattern(500_000);
  const digest = hashBlob(bytes);
  server.blobs.set(digest, Buffer.from(bytes));
  server.breaks = [123_456, 1];
  expect(await relay.downloadBlob(digest)).toEqual(bytes);
  expect(server.requests.length).toBeGreaterThanOrEqual(2);
  expect(server.requests[1]).toMatch(/^GET bytes=\d+-$/);
});

test('bytes that do not have the digest are refused', async () => {
  const digest = hashBlob(pattern(10));
  server.blobs.set(digest, Buffer.from(pattern(11)));
  await expect(relay.downloadBlob(digest)).rejects.toMatchObject({
    code: 'BLOB_CORRUPT',
    details: { expected: digest },
  });
});

test('a blob that is larger than allowed is not read', async () => {
  const bytes = pattern(1000);
  server.blobs.set(hashBlob(bytes), Buffer.from(bytes));
  const reading = relay.downloadBlob(hashBlob(bytes), { maxBytes: 999 });
  await expect(reading).rejects.toMatchObject({ code: 'BLOB_TOO_LARGE', details: { sizeBytes: 1000 } });
});

test('a missing blob is refused by the relay’s own code', async () => {
  const digest = hashBlob(pattern(3));
  await expect(relay.downloadBlob(digest)).rejects.toMatchObject({ code: 'BLOB_MISSING', details: { digest } });
});

test('a relay that is not there is RELAY_UNREACHABLE, with the address', async () => {
  await server.close();
  await expect(relay.uploadBlob(pattern(3))).rejects.toMatchObject({
    code: 'RELAY_UNREACHABLE',
    details: { url: server.url },
  });
});
