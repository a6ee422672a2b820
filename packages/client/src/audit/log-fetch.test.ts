import { ReckonError } from '@reckon/protocol/base/errors';
import { viewLog } from '@reckon/protocol/journal/log-reader';
import { toUtf8 } from '@reckon/protocol/base/bytes';
import { makeStaticLog } from '@reckon/protocol/testing/static-log';
import { expect, test } from 'vitest';
import type { Fetch } from '../http.ts';
import { createLogFetch, prefetchLog } from './log-fetch.ts';

const at = (fetch: Fetch) => createLogFetch({ baseUrl: 'http://relay.test', fetch }, '/log');

test('more bytes than a part may have are refused before they are read to the end', async () => {
  let pulled = 0;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1000));
      },
    });
  const fetch = at(async () => new Response(endless()));
  await expect(fetch('tile/0/000', 8192)).rejects.toMatchObject({ code: 'LOG_TILE_INVALID' });
  expect(pulled).toBeLessThan(20);
});

test('a part that does not come is asked for again, twice; a refusal is not', async () => {
  let asked = 0;
  const flaky = at(async () => {
    if (++asked < 3) throw new TypeError('connection lost');
    return new Response('bytes');
  });
  expect(await flaky('checkpoint', 100)).toEqual(toUtf8('bytes'));
  asked = -10;
  await expect(flaky('checkpoint', 100)).rejects.toBeInstanceOf(ReckonError);
  expect(asked).toBe(-7);
  let refused = 0;
  const body = JSON.stringify({ type: '', title: '', status: 404, code: 'NOT_FOUND', details: { what: 'x' } });
  const missing = at(async () => {
    refused++;
    return new Response(body, { status: 404 });
  });
  await expect(missing('tile/0/000', 100)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(refused).toBe(1);
});

test('bundles are fetched ahead, a bounded number at once, and each part once', async () => {
  const entries = Array.from({ length: 256 * 20 + 7 }, (_, i) => toUtf8(`${i}`));
  const log = makeStaticLog(entries);
  const asked = new Map<string, number>();
  let [under, most] = [0, 0];
  const fetch = prefetchLog(async (path, maxBytes) => {
    asked.set(path, (asked.get(path) ?? 0) + 1);
    most = Math.max(most, ++under);
    await Promise.resolve();
    under--;
    return log.fetch(path, maxBytes);
  }, entries.length);
  let read = 0;
  for await (const { index, entry } of viewLog(fetch, log.checkpoint, new Uint8Array()).entries()) {
    expect(entry).toEqual(entries[index]);
    read++;
  }
  expect(read).toBe(entries.length);
  expect([...asked.values()].every((times) => times === 1)).toBe(true);
  expect(most).toBeGreaterThan(4);
  expect(most).toBeLessThanOrEqual(20);
});
