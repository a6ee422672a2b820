import { toJson } from '@reckon/protocol/base/json';
import { createKeySigner } from '@reckon/protocol/base/signature';
import {
  type ConformanceFinding,
  type ConformanceReport,
  ConformanceSummary,
  type SignedConformanceReport,
  signConformance,
} from '@reckon/protocol/wire/conformance';
import { Problem } from '@reckon/protocol/wire/http';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { testKernels } from '../../testing/test-kernel.ts';
import { createWorld, domain, keyOf, type World } from '../../testing/world.ts';

const [echo, roughly] = testKernels.refs as [(typeof testKernels.refs)[0], (typeof testKernels.refs)[0]];
const DAY_MS = 86_400_000;

const exact = (over: Partial<ConformanceFinding> = {}): ConformanceFinding => ({
  kernel: echo,
  backend: 'wasm',
  cases: 3,
  failed: 0,
  bits: 96,
  bitsDiffering: 0,
  maxRelativeError: null,
  outside: 0,
  ...over,
});
const float = (over: Partial<ConformanceFinding> = {}) =>
  exact({ kernel: roughly, bitsDiffering: 5, maxRelativeError: 1e-7, ...over });

const APPLE = { vendor: 'apple', architecture: 'metal-3' };

/** A report by a key of the world's now. */
function reportBy(world: World, key: number, over: Partial<ConformanceReport> = {}): SignedConformanceReport {
  return signConformance(domain, createKeySigner(keyOf(key)), {
    measuredAt: Math.floor(world.clock.now() / 1000),
    adapter: APPLE,
    browser: { name: 'safari', major: 27 },
    findings: [exact()],
    ...over,
  });
}
const send = (world: World, body: unknown, address?: string) =>
  world.app.request(
    '/api/conformance',
    {
      method: 'POST',
      body: typeof body === 'string' ? body : toJson(body),
      headers: { 'content-type': 'application/json' },
    },
    address === undefined ? undefined : { incoming: { socket: { remoteAddress: address } } },
  );
async function taken(world: World, body: SignedConformanceReport): Promise<number> {
  const response = await send(world, body);
  expect(response.status).toBe(201);
  return (await response.json()).findings;
}
async function refused(world: World, body: unknown): Promise<Problem> {
  const response = await send(world, body);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return v.parse(Problem, await response.json());
}
const summary = async (world: World) =>
  v.parse(ConformanceSummary, await (await world.app.request('/api/conformance')).json());

test('a network on its first day has no reports', async () => {
  expect(await summary(await createWorld())).toMatchObject({ devices: 0, mismatching: 0, adapters: [], groups: [] });
});

test('reports are counted by kind of GPU, kernel and backend, mismatches first', async () => {
  const world = await createWorld();
  const arc = { vendor: 'intel', architecture: 'xe-2lpg' };
  const findings = [exact(), float()];
  expect(await taken(world, reportBy(world, 1, { findings }))).toBe(2);
  await taken(
    world,
    reportBy(world, 2, { findings: [exact({ bitsDiffering: 7 }), float({ maxRelativeError: 1e-6 })] }),
  );
  await taken(world, reportBy(world, 3, { findings, adapter: null }));
  await taken(world, reportBy(world, 4, { findings: [float({ outside: 1 })], adapter: arc }));
  const { groups, adapters, ...all } = await summary(world);
  expect(adapters).toEqual([
    { adapter: APPLE, devices: 2, mismatching: 1, bitsDiffering: 7 },
    { adapter: arc, devices: 1, mismatching: 1, bitsDiffering: 0 },
    { adapter: null, devices: 1, mismatching: 0, bitsDiffering: 0 },
  ]);
  expect(all).toMatchObject({ devices: 4, mismatching: 2, since: world.clock.now() - 90 * DAY_MS });
  const shared = { backend: 'wasm' };
  expect(groups).toEqual([
    {
      ...shared,
      adapter: APPLE,
      kernel: echo.name,
      devices: 2,
      mismatching: 1,
      bitsDiffering: 7,
      maxRelativeError: null,
    },
    {
      ...shared,
      adapter: arc,
      kernel: roughly.name,
      devices: 1,
      mismatching: 1,
      bitsDiffering: 5,
      maxRelativeError: 1e-7,
    },
    {
      ...shared,
      adapter: APPLE,
      kernel: roughly.name,
      devices: 2,
      mismatching: 0,
      bitsDiffering: 10,
      maxRelativeError: 1e-6,
    },
    {
      ...shared,
      adapter: null,
      kernel: echo.name,
      devices: 1,
      mismatching: 0,
      bitsDiffering: 0,
      maxRelativeError: null,
    },
    {
      ...shared,
      adapter: null,
      kernel: roughly.name,
      devices: 1,
      mismatching: 0,
      bitsDiffering: 5,
      maxRelativeError: 1e-7,
    },
  ]);
});

test('a key counts once: its newest report stands, an older one sent again changes nothing', async () => {
  const world = await createWorld();
  const wrong = reportBy(world, 1, { findings: [exact({ bitsDiffering: 1 })] });
  expect(await taken(world, wrong)).toBe(1);
  expect((await summary(world)).mismatching).toBe(1);
  world.clock.time += 60_000;
  expect(await taken(world, reportBy(world, 1))).toBe(1);
  expect(await taken(world, wrong)).toBe(0);
  expect(await summary(world)).toMatchObject({
    devices: 1,
    mismatching: 0,
    groups: [{ devices: 1, bitsDiffering: 0 }],
  });
  // The next day the key says otherwise, and still counts once.
  world.clock.time += DAY_MS;
  await taken(world, reportBy(world, 1, { findings: [exact({ bitsDiffering: 2 })] }));
  expect(await summary(world)).toMatchObject({
    devices: 1,
    groups: [{ devices: 1, mismatching: 1, bitsDiffering: 2 }],
  });
});

test('what is older than 90 days is not counted', async () => {
  const world = await createWorld();
  await taken(world, reportBy(world, 1));
  world.clock.time += 91 * DAY_MS;
  expect(await summary(world)).toMatchObject({ devices: 0, groups: [] });
});

test('only the key itself speaks for it', async () => {
  const world = await createWorld();
  const mine = reportBy(world, 1);
  const theirs = reportBy(world, 2);
  expect(await refused(world, { ...mine, signature: theirs.signature })).toMatchObject({
    code: 'SIGNATURE_INVALID',
    status: 403,
  });
  const improved = { ...mine, report: { ...mine.report, findings: [exact({ bits: 97 })] } };
  expect(await refused(world, improved)).toMatchObject({ code: 'SIGNATURE_INVALID' });
  expect(await refused(world, { ...mine, signature: `0x${'00'.repeat(65)}` })).toMatchObject({
    code: 'SIGNATURE_INVALID',
    details: { received: 'nobody: it is malformed' },
  });
  expect((await summary(world)).devices).toBe(0);
});

test('a report about what is not served, or cannot be, is refused by field', async () => {
  const world = await createWorld();
  const about = (finding: ConformanceFinding) => refused(world, reportBy(world, 1, { findings: [finding] }));
  const other = { ...echo, digest: roughly.digest };
  expect(await about(exact({ kernel: other }))).toMatchObject({ code: 'KERNEL_DIGEST_MISMATCH' });
  expect(await about(exact({ kernel: { ...echo, name: 'nothing@1.0.0' } }))).toMatchObject({ code: 'KERNEL_UNKNOWN' });
  expect(await about(exact({ backend: 'webgpu' }))).toMatchObject({ details: { path: 'report.findings.0.backend' } });
  expect(await about(exact({ maxRelativeError: 0 }))).toMatchObject({
    code: 'MESSAGE_INVALID',
    details: { path: 'report.findings.0.maxRelativeError' },
  });
  expect(await about(float({ maxRelativeError: null }))).toMatchObject({ code: 'MESSAGE_INVALID' });
  const now = Math.floor(world.clock.now() / 1000);
  for (const measuredAt of [now - 3601, now + 301]) {
    expect(await refused(world, reportBy(world, 1, { measuredAt }))).toMatchObject({
      code: 'MESSAGE_INVALID',
      details: { path: 'report.measuredAt' },
    });
  }
});

test('a body that is no report, or more than one, is refused before anything is stored', async () => {
  const world = await createWorld();
  for (const body of ['', '{', 'null', '[]', '{"report":{}}', toJson({ ...reportBy(world, 1), userAgent: 'x' })]) {
    expect(await refused(world, body)).toMatchObject({ code: 'MESSAGE_INVALID', status: 400 });
  }
  expect(await refused(world, ' '.repeat(70_000))).toMatchObject({ code: 'MESSAGE_TOO_LARGE', status: 413 });
  const form = await world.app.request('/api/conformance', { method: 'POST', body: toJson(reportBy(world, 1)) });
  expect(v.parse(Problem, await form.json())).toMatchObject({ details: { path: 'content-type' } });
  expect((await summary(world)).devices).toBe(0);
});

const addressIn = (network: number) => `198.51.${network}.7`;

test('one network is slowed down, signed or not, and keeps nobody else’s reports out', async () => {
  const world = await createWorld();
  const malformed = { ...reportBy(world, 1), signature: `0x${'00'.repeat(65)}` };
  const codes: string[] = [];
  // Another address of the same network helps nothing.
  for (let i = 0; i < 31; i++) {
    const response = await send(world, malformed, `198.51.100.${i}`);
    codes.push(v.parse(Problem, await response.json()).code);
  }
  expect(codes).toEqual([...Array.from({ length: 30 }, () => 'SIGNATURE_INVALID'), 'RATE_LIMITED']);
  expect((await send(world, reportBy(world, 2), '203.0.113.1')).status).toBe(201);
  world.clock.time += 2000;
  expect((await send(world, reportBy(world, 3), '198.51.100.1')).status).toBe(201);
});

test('what nobody signed takes nothing of the bound over all keys, however many networks send it', async () => {
  const world = await createWorld();
  const malformed = { ...reportBy(world, 1), signature: `0x${'00'.repeat(65)}` };
  for (let i = 0; i < 100; i++) expect((await send(world, malformed, addressIn(i))).status).toBe(403);
  expect((await send(world, reportBy(world, 2), addressIn(200))).status).toBe(201);
});

test('many keys at once are slowed down together', async () => {
  const world = await createWorld();
  const signed = reportBy(world, 1);
  for (let i = 0; i < 60; i++) expect((await send(world, signed, addressIn(i))).status).toBe(201);
  expect((await send(world, signed, addressIn(60))).status).toBe(429);
  world.clock.time += 1000;
  expect((await send(world, reportBy(world, 2), addressIn(61))).status).toBe(201);
});

test('a key counts under one kind of GPU, the one it named last', async () => {
  const world = await createWorld();
  const arc = { vendor: 'intel', architecture: 'xe-2lpg' };
  const old = reportBy(world, 1, { findings: [exact({ bitsDiffering: 3 }), float()] });
  await taken(world, old);
  world.clock.time += 1000;
  expect(await taken(world, reportBy(world, 1, { adapter: arc, findings: [float()] }))).toBe(1);
  expect(await taken(world, old)).toBe(0);
  const { adapters, groups, ...all } = await summary(world);
  expect(all).toMatchObject({ devices: 1, mismatching: 0 });
  expect(adapters).toEqual([{ adapter: arc, devices: 1, mismatching: 0, bitsDiffering: 0 }]);
  expect(groups).toMatchObject([{ adapter: arc, kernel: roughly.name, devices: 1 }]);
});
