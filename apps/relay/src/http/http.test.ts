import { toUtf8 } from '@reckon/protocol/base/bytes';
import { hashBlob } from '@reckon/protocol/base/hash';
import { toJson } from '@reckon/protocol/base/json';
import { createKeySigner } from '@reckon/protocol/base/signature';
import { hashTypedData } from '@reckon/protocol/base/typed-data';
import type { JobOrder } from '@reckon/protocol/model/job-order';
import type { JobSpec } from '@reckon/protocol/model/job-spec';
import { JobList, JobSummary, Problem, RelayConfig, SessionTicket } from '@reckon/protocol/wire/http';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { createMainApp } from './app.ts';
import { makeSpec, orderJob } from '../../testing/requester.ts';
import { testKernels } from '../../testing/test-kernel.ts';
import { createWorld, domain, keyOf, type World } from '../../testing/world.ts';

const echo = testKernels.refs[0] as (typeof testKernels.refs)[number];
const REQUESTER = keyOf(77);

const postJson = (world: World, path: string, body: unknown, type = 'application/json') =>
  world.app.request(path, { method: 'POST', body: toJson(body), headers: { 'content-type': type } });

/** The problem a request ends in: its status and code. */
async function problem(response: Response | Promise<Response>) {
  const answer = await response;
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const parsed = v.parse(Problem, await answer.json());
  expect(parsed.status).toBe(answer.status);
  return parsed;
}

const orderFor = (world: World, spec: JobSpec, over: Partial<JobOrder> = {}) =>
  orderJob(domain, REQUESTER, spec, Math.floor(world.clock.now() / 1000) + 3600, over);

async function tryToPost(spec: JobSpec, over: Partial<JobOrder> = {}, store = true) {
  const world = await createWorld();
  const { specBytes, order, signature } = orderFor(world, spec, over);
  if (store) await world.blobs.put(hashBlob(specBytes), specBytes);
  return await problem(postJson(world, '/api/jobs', { order, signature }));
}

test('the answers about the relay itself fit their schemas', async () => {
  const world = await createWorld();
  v.parse(RelayConfig, await (await world.app.request('/api/config')).json());
  expect(await (await world.app.request('/healthz')).json()).toEqual({ ok: true, entries: 1 });
  const metrics = await (await world.app.request('/metrics')).text();
  for (const name of ['channel_messages_total', 'units_verified', 'executions', 'caught', 'verified_share']) {
    expect(metrics).toContain(`reckon_${name}`);
  }
  const nodeId = `0x${'11'.repeat(20)}`;
  const ticket = v.parse(SessionTicket, await (await postJson(world, '/api/session', { nodeId })).json());
  expect(() => world.http.tickets.check(ticket.peerId, ticket.token)).not.toThrow();
});

test('a posted job is a draft, listed, and posted again without harm', async () => {
  const world = await createWorld();
  const { specBytes, order, signature, jobId } = orderFor(world, makeSpec(echo, 2));
  await world.blobs.put(order.specDigest, specBytes);
  for (let i = 0; i < 2; i++) {
    const response = await postJson(world, '/api/jobs', { order, signature });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ jobId, budget: String(order.budget) });
  }
  const { jobs } = v.parse(JobList, await (await world.app.request('/api/jobs?status=draft&limit=5')).json());
  expect(jobs.map((job) => job.jobId)).toEqual([jobId]);
  expect(await (await world.app.request(`/api/jobs?requester=0x${'00'.repeat(20)}`)).json()).toEqual({ jobs: [] });
  const spec = await world.app.request(`/api/jobs/${jobId}/spec`);
  expect(new Uint8Array(await spec.arrayBuffer())).toEqual(specBytes);
});

test('a job that cannot be taken is refused with its reason', async () => {
  const good = makeSpec(echo, 2);
  expect(await tryToPost(good, {}, false)).toMatchObject({ code: 'BLOB_MISSING', status: 404 });
  expect(await tryToPost(good, { budget: 1n })).toMatchObject({ code: 'ESCROW_TOO_SMALL' });
  expect(await tryToPost(good, { expiresAt: 1 })).toMatchObject({ code: 'JOB_EXPIRED' });
  expect(await tryToPost(good, { expiresAt: 1_900_000_000 })).toMatchObject({
    code: 'ORDER_MISMATCH',
    details: { field: 'expiresAt' },
  });
  expect(await tryToPost(good, { requester: `0x${'11'.repeat(20)}` as JobOrder['requester'] })).toMatchObject({
    code: 'SIGNATURE_INVALID',
    status: 403,
  });
  const named = (name: string) => makeSpec({ ...echo, name }, 1);
  expect(await tryToPost(named('nothing@1.0.0'))).toMatchObject({ code: 'KERNEL_UNKNOWN' });
  expect(await tryToPost(named('mandelbrot@9.9.9'))).toMatchObject({ code: 'KERNEL_VERSION_UNKNOWN' });
  const other = makeSpec({ ...echo, digest: `0x${'00'.repeat(32)}` as typeof echo.digest }, 1);
  expect(await tryToPost(other)).toMatchObject({ code: 'KERNEL_DIGEST_MISMATCH' });
  const missing = makeSpec(echo, 1, { shared: [{ name: 'model', digest: hashBlob(toUtf8('m')), size: 1 }] });
  expect(await tryToPost(missing)).toMatchObject({ code: 'BLOB_MISSING', details: { digest: hashBlob(toUtf8('m')) } });
});

test.each([
  ['sample', { kind: 'sample', chunks: 4, checkers: 2, maxReplicas: 3 }],
  ['certificate', { kind: 'certificate', maxReplicas: 3 }],
  ['sample', { kind: 'audit', epsilon: 0.01, sample: { chunks: 4, checkers: 2 }, maxReplicas: 3 }],
] as const)('a kernel whose results cannot be checked by %s is refused with what it supports', async (kind, policy) => {
  expect(await tryToPost(makeSpec(echo, 1, { policy }))).toMatchObject({
    code: 'POLICY_UNSUPPORTED',
    status: 400,
    details: { kernel: 'echo@1.0.0', policy: kind, supported: 'quorum, audit' },
  });
});

test('a spec that is not one is refused with the field', async () => {
  const unparsable = { ...makeSpec(echo, 1), title: '' };
  expect(await tryToPost(unparsable)).toMatchObject({ code: 'JOB_FILE_INVALID', details: { path: 'title' } });
  const world = await createWorld();
  const garbage = toUtf8('{');
  await world.blobs.put(hashBlob(garbage), garbage);
  const { order, signature } = orderFor(world, makeSpec(echo, 1), { specDigest: hashBlob(garbage) });
  expect(await problem(postJson(world, '/api/jobs', { order, signature }))).toMatchObject({ code: 'JOB_FILE_INVALID' });
});

test('a blob of another size than the spec says is refused', async () => {
  const world = await createWorld();
  const blob = toUtf8('model');
  await world.blobs.put(hashBlob(blob), blob);
  const spec = makeSpec(echo, 1, { shared: [{ name: 'model', digest: hashBlob(blob), size: 6 }] });
  const { specBytes, order, signature } = orderFor(world, spec);
  await world.blobs.put(order.specDigest, specBytes);
  expect(await problem(postJson(world, '/api/jobs', { order, signature }))).toMatchObject({
    code: 'JOB_FILE_INVALID',
    details: { path: 'blob model', expected: '5 bytes', received: '6 bytes' },
  });
});

test('a requester pauses, resumes and cancels by signature; a repeated or foreign wish changes nothing', async () => {
  const world = await createWorld();
  const { jobId } = await world.post();
  const control = (action: 'pause' | 'resume' | 'cancel', nonce: number, key = REQUESTER) => {
    const message = { jobId, action, nonce };
    const signature = createKeySigner(key).sign(hashTypedData(domain, 'JobControl', message));
    return postJson(world, `/api/jobs/${jobId}/control`, { ...message, signature });
  };
  const status = async (response: Promise<Response> | Response) =>
    v.parse(JobSummary, await (await response).json()).status;
  expect(await status(control('pause', 1))).toBe('paused');
  expect(await problem(control('resume', 1))).toMatchObject({ code: 'CONTROL_REPEATED', status: 409 });
  expect(await status(control('resume', 2))).toBe('funded');
  expect(await problem(control('resume', 3))).toMatchObject({ code: 'JOB_STATE', status: 409 });
  expect(await problem(control('cancel', 4, keyOf(5)))).toMatchObject({ code: 'SIGNATURE_INVALID' });
  expect(await status(control('cancel', 4))).toBe('cancelled');
});

test.each([
  ['/api/jobs/0x12', 'MESSAGE_INVALID', 400],
  [`/api/jobs/0x${'00'.repeat(32)}`, 'JOB_UNKNOWN', 404],
  [`/api/jobs/0x${'00'.repeat(32)}/bundle`, 'JOB_UNKNOWN', 404],
  [`/api/jobs/0x${'00'.repeat(32)}/units`, 'JOB_UNKNOWN', 404],
  [`/api/jobs/0x${'00'.repeat(32)}/units/x`, 'MESSAGE_INVALID', 400],
  [`/api/nodes/0x${'00'.repeat(20)}`, 'NODE_UNKNOWN', 404],
  ['/api/jobs?limit=-1', 'MESSAGE_INVALID', 400],
  ['/api/jobs?status=begun', 'MESSAGE_INVALID', 400],
  ['/api/events?topics=everything', 'MESSAGE_INVALID', 400],
  ['/api/nothing', 'NOT_FOUND', 404],
])('GET %s answers %s', async (path, code, status) => {
  const world = await createWorld();
  expect(await problem(world.app.request(path))).toMatchObject({ code, status });
});

test('bodies are bounded and must say that they are JSON', async () => {
  const world = await createWorld();
  expect(await problem(postJson(world, '/api/session', {}, 'text/plain'))).toMatchObject({ code: 'MESSAGE_INVALID' });
  const large = { nodeId: 'x'.repeat(70_000) };
  expect(await problem(postJson(world, '/api/session', large))).toMatchObject({
    code: 'MESSAGE_TOO_LARGE',
    status: 413,
  });
  expect(await problem(postJson(world, '/api/faucet', { address: `0x${'11'.repeat(20)}` }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('who asks too often waits', async () => {
  const world = await createWorld({ requestsPerMinute: 3 });
  for (let i = 0; i < 3; i++) expect((await world.app.request('/api/network')).status).toBe(200);
  const refused = await world.app.request('/api/network');
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await problem(refused)).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
  world.clock.time += 20_000;
  expect((await world.app.request('/api/network')).status).toBe(200);
});

test.each(['anvil_setBalance', 'evm_mine', 'personal_sign', 'eth_sendTransaction', 'eth_sign', 'debug_traceCall'])(
  'the chain bridge does not serve %s',
  async (method) => {
    const world = await createWorld();
    const answer = await postJson(world, '/rpc', { jsonrpc: '2.0', id: 7, method, params: [] });
    expect(await answer.json()).toMatchObject({ id: 7, error: { code: -32601 } });
  },
);

test('a chain that does not answer is named as such', async () => {
  const world = await createWorld();
  const call = { jsonrpc: '2.0', id: 1, method: 'eth_chainId' };
  expect(await problem(postJson(world, '/rpc', call))).toMatchObject({ code: 'CHAIN_UNREACHABLE', status: 503 });
});

test('live events tell what changed, each thing once', async () => {
  const world = await createWorld();
  const response = await world.app.request('/api/events?topics=network,epochs');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await read()).toBe(': reckon\n\n');
  await world.post();
  await world.post();
  expect(await read()).toBe('data: {"type":"network"}\n\n');
  await reader.cancel();
});

test('the chain bridge is limited like the rest', async () => {
  const world = await createWorld({ requestsPerMinute: 2 });
  const call = { jsonrpc: '2.0', id: 7, method: 'eth_sign', params: [] };
  for (let i = 0; i < 2; i++) expect((await postJson(world, '/rpc', call)).status).toBe(200);
  expect(await problem(postJson(world, '/rpc', call))).toMatchObject({ code: 'RATE_LIMITED' });
});

test('the faucet runs dry before the purse does, however many accounts ask', async () => {
  const world = await createWorld();
  const given: string[] = [];
  const faucet = { give: async (account: string) => ({ tx: `0x${given.push(account)}` as never }) };
  const app = createMainApp({ ...world.http, faucet });
  const ask = (i: number) =>
    app.request('/api/faucet', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: toJson({ address: `0x${i.toString(16).padStart(40, '0')}` }),
    });
  for (let i = 0; i < 150; i++) await ask(i);
  expect(given).toHaveLength(100);
  expect(await problem(ask(999))).toMatchObject({ code: 'FAUCET_EXHAUSTED' });
});

test('posted jobs that nobody funds do not fill the memory, and are forgotten after a day', async () => {
  const world = await createWorld();
  let salt = 0;
  const post = async (units: number) => {
    const { specBytes, order, signature } = orderFor(world, makeSpec(echo, units), {
      expiresAt: Math.floor(world.clock.now() / 1000) + 3 * 24 * 3600,
      salt: hashBlob(toUtf8(String(++salt))),
    });
    await world.blobs.put(order.specDigest, specBytes);
    return postJson(world, '/api/jobs', { order, signature });
  };
  world.chain.fundedTotal = async () => 0n;
  let answer = await post(4096);
  for (let i = 1; answer.status === 201 && i < 60; i++) answer = await post(4096);
  expect(await problem(answer)).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
  expect(world.coordinator.state.jobs.size).toBe(48);
  world.clock.time += 24 * 3_600_000;
  world.coordinator.tick();
  await world.coordinator.flushed();
  expect((await post(1)).status).toBe(201);
  expect(world.coordinator.state.jobs.size).toBe(1);
}, 60_000);
