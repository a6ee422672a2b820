import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifests } from '@reckon/kernels/manifests';
import { kernelRules } from '@reckon/kernels/rules';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import { NO_TRACE } from '@reckon/protocol/model/attestation';
import { afterAll, expect, test } from 'vitest';
import { createFakeRelay } from '../../testing/fake-relay.ts';
import { serveFakeRelay } from '../../testing/fake-relay-server.ts';
import { silentLog } from '../../testing/node-world.ts';
import { createHeadlessNode } from './headless-node.ts';

const folder = await mkdtemp(join(tmpdir(), 'reckon-headless-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a headless node computes real units over a WebSocket, and its folder is its own', async () => {
  const relay = createFakeRelay(Date.now);
  const server = await serveFakeRelay(relay);
  const options = { relayUrl: server.origin, dataDir: folder, kind: 'headless', workers: 1, log: silentLog } as const;
  const manifest = manifests.find(({ id }) => id === 'mandelbrot');
  if (manifest === undefined) throw new Error('there is no mandelbrot kernel');
  const name = kernelName(manifest);
  const { units } = await kernelRules(name).split({ width: 64, height: 32, tile: 32 }, new Map());
  const node = await createHeadlessNode({ ...options, payoutKey: new Uint8Array(32).fill(5) });
  try {
    await expect(createHeadlessNode(options)).rejects.toMatchObject({ code: 'DATA_LOCKED' });
    for (const [index, { params }] of units.entries()) {
      relay.post(index, [], { kernel: { name, digest: manifest.digest }, params });
    }
    node.start();
    await new Promise<void>((resolve) =>
      node.subscribe(() => {
        if (node.snapshot().totals.waiting === units.length) resolve();
      }),
    );
    expect(relay.faults).toEqual([]);
    const roots = relay.received.flatMap((message) =>
      message.type === 'reveal' ? message.batch.leaves.map(({ traceRoot }) => traceRoot) : [],
    );
    expect(roots).toHaveLength(units.length);
    expect(roots).not.toContain(NO_TRACE);
    expect(node.snapshot().log[0]?.device).toContain('WASM');
    expect(relay.received.some(({ type }) => type === 'delegate')).toBe(true);
  } finally {
    node.close();
    await server.close();
  }
});

test('a relay that is not there is RELAY_UNREACHABLE', async () => {
  const server = await serveFakeRelay(createFakeRelay(Date.now));
  await server.close();
  const options = { relayUrl: server.origin, dataDir: folder, kind: 'headless', log: silentLog } as const;
  await expect(createHeadlessNode(options)).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE' });
});
