import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { GUEST_POLICY, OWN_POLICY } from '@reckon/kernels/worker-policy';
import { createWorld } from '../../testing/world.ts';
import { createEmbedApp, createMainApp } from './app.ts';

const dir = mkdtempSync(join(tmpdir(), 'reckon-web-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
mkdirSync(join(dir, 'web', 'assets'), { recursive: true });
mkdirSync(join(dir, 'embed', 'frame'), { recursive: true });
writeFileSync(join(dir, 'secret.txt'), 'hidden words');
writeFileSync(join(dir, 'web', 'index.html'), '<app>');
writeFileSync(join(dir, 'web', 'assets', 'main-a1B2c3D4.js'), 'plain');
writeFileSync(join(dir, 'web', 'assets', 'main-a1B2c3D4.js.br'), 'brotli');
for (const root of ['web', 'embed']) {
  mkdirSync(join(dir, root, 'assets'), { recursive: true });
  for (const kind of ['guest', 'own', 'engine'])
    writeFileSync(join(dir, root, 'assets', `${kind}-worker-a1B2c3D4.js`), kind);
}
writeFileSync(join(dir, 'web', 'assets', 'guest-worker-a1B2c3D4.js.br'), 'brotli');
writeFileSync(join(dir, 'embed', 'loader.js'), 'loader');
writeFileSync(join(dir, 'embed', 'frame', 'index.html'), '<frame>');

async function createApps() {
  const { http } = await createWorld();
  const ports = {
    ...http,
    publicOrigin: 'http://relay.test:8787',
    webDir: join(dir, 'web'),
    embedDir: join(dir, 'embed'),
  };
  return { main: createMainApp(ports), embed: createEmbedApp(ports) };
}

test('the dashboard is served with its router as fallback, under a strict policy', async () => {
  const { main } = await createApps();
  for (const path of ['/', '/jobs/new']) {
    const page = await main.request(path, { headers: { host: 'relay.test:8787' } });
    expect(await page.text()).toBe('<app>');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain('ws://relay.test:8787');
    expect(policy).not.toContain('unsafe-inline');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect((await main.request('/missing.js')).status).toBe(404);
  expect((await main.request('/api/unknown')).status).toBe(404);
});

test('hashed assets are immutable and compressed when the browser can', async () => {
  const { main } = await createApps();
  const path = '/assets/main-a1B2c3D4.js';
  const compressed = await main.request(path, { headers: { 'accept-encoding': 'gzip, br' } });
  expect([await compressed.text(), compressed.headers.get('content-encoding')]).toEqual(['brotli', 'br']);
  expect(compressed.headers.get('cache-control')).toContain('immutable');
  expect(compressed.headers.get('content-type')).toContain('text/javascript');
  expect(await (await main.request(path)).text()).toBe('plain');
});

test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/%00', '/%ff'])(
  'the path %s leads nowhere outside',
  async (path) => {
    const { main, embed } = await createApps();
    for (const app of [main, embed]) {
      const response = await app.request(new Request(`http://relay.test${path}`));
      expect(await response.text()).not.toContain('hidden');
    }
  },
);

test('kernel workers come under policies of their own: a guest’s may neither connect nor load anything', async () => {
  const apps = await createApps();
  for (const app of [apps.main, apps.embed]) {
    const policyOf = async (name: string, method = 'GET') => {
      const headers = { 'accept-encoding': 'br' };
      const response = await app.request(`/assets/${name}-worker-a1B2c3D4.js`, { headers, method });
      expect(response.status).toBe(200);
      return response.headers.get('content-security-policy');
    };
    expect(await policyOf('guest')).toBe(GUEST_POLICY);
    expect(await policyOf('guest', 'HEAD')).toBe(GUEST_POLICY);
    expect(await policyOf('own')).toBe(OWN_POLICY);
    expect(await policyOf('engine')).toContain("connect-src 'self'");
  }
});

test('the frame may stand on registered pages only; the loader may be fetched by all', async () => {
  const { embed } = await createApps();
  const frame = await embed.request('/frame/?site=example');
  expect(await frame.text()).toBe('<frame>');
  expect(frame.headers.get('content-security-policy')).toContain('frame-ancestors http://site.test');
  const stranger = await embed.request('/frame/?site=unknown');
  expect(stranger.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const loader = await embed.request('/loader.js');
  expect(loader.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(loader.headers.get('access-control-allow-origin')).toBe('*');
  expect(loader.headers.get('cache-control')).toBe('no-cache');
});

test.each(['/api/jobs', '/api/faucet', '/rpc', '/metrics', '/api/accounts/0x1', '/api/blobs/0x1', '/api/events'])(
  'the widget origin does not serve %s',
  async (path) => {
    const { embed } = await createApps();
    for (const method of ['GET', 'POST', 'PUT']) expect((await embed.request(path, { method })).status).toBe(404);
  },
);

test('the widget origin serves what a node needs', async () => {
  const { embed } = await createApps();
  expect((await embed.request('/api/config')).status).toBe(200);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ nodeId: `0x${'11'.repeat(20)}` });
  expect((await embed.request('/api/session', { method: 'POST', body, headers })).status).toBe(200);
});
