import type { JobId } from '@reckon/protocol/base/ids';
import { expect, test } from 'vitest';
import { createRelayClient } from './relay-client.ts';

const answer = (status: number, body: unknown, type = 'application/json') =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'content-type': type } });
const jobId = `0x${'ab'.repeat(32)}` as JobId;

/** A relay that gives one answer to everything, and remembers what was asked. */
function relayThatAnswers(make: () => Response) {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const client = createRelayClient('http://relay.test', {
    fetch: (url, init) => {
      asked.push({ url, init });
      return Promise.resolve(make());
    },
  });
  return { client, asked };
}

test('a refusal keeps the relay’s code and details', async () => {
  const problem = { type: 'about:blank', title: 'x', status: 404, code: 'JOB_UNKNOWN', details: { jobId } };
  const { client } = relayThatAnswers(() => answer(404, problem, 'application/problem+json'));
  await expect(client.job(jobId)).rejects.toMatchObject({ code: 'JOB_UNKNOWN', details: { jobId } });
});

test('a page of somebody else’s proxy is not taken for the relay', async () => {
  const { client } = relayThatAnswers(() => answer(502, '<html>Bad gateway</html>', 'text/html'));
  await expect(client.network()).rejects.toMatchObject({
    code: 'RELAY_UNREACHABLE',
    details: { cause: 'it answered HTTP 502' },
  });
});

test('an answer of another shape is refused with its path', async () => {
  const { client } = relayThatAnswers(() => answer(200, { jobs: [{ jobId: 'nonsense' }] }));
  await expect(client.jobs()).rejects.toMatchObject({ code: 'MESSAGE_INVALID', details: { path: 'jobs.0.jobId' } });
});

test('filters become a query, and those left out do not', async () => {
  const { client, asked } = relayThatAnswers(() => answer(200, { jobs: [] }));
  await client.jobs({ status: 'running', limit: 5 });
  await client.jobs();
  expect(asked.map(({ url }) => url)).toEqual([
    'http://relay.test/api/jobs?status=running&limit=5',
    'http://relay.test/api/jobs',
  ]);
});

test('a posted order writes its amounts as decimal text', async () => {
  const { client, asked } = relayThatAnswers(() => answer(201, { jobId, budget: '5' }));
  const order = { requester: '0x', specDigest: '0x', budget: 10n ** 18n, expiresAt: 1, salt: '0x' } as never;
  expect(await client.postJob({ order, signature: '0x00' })).toEqual({ jobId, budget: 5n });
  expect(asked[0]?.init?.body).toEqual(expect.stringContaining('"budget":"1000000000000000000"'));
});

test('events are read across cut packets; comments, noise and newer kinds are passed over', async () => {
  const text = `: hello\n\ndata: {"type":"network"}\n\ndata: {"type":"newer"}\ndata: nonsense\r\n\r\nevent: x\ndata:{"type":"epoch","epoch":3,"status":"final"}\n\n`;
  const bytes = new TextEncoder().encode(text);
  const { client } = relayThatAnswers(() => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let i = 0; i < bytes.length; i += 7) controller.enqueue(bytes.slice(i, i + 7));
        controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  });
  const events = [];
  for await (const event of client.events(['network', 'epochs'])) events.push(event);
  expect(events).toEqual([{ type: 'network' }, { type: 'epoch', epoch: 3, status: 'final' }]);
});
