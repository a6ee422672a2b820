import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createWorld } from '../../testing/world.ts';
import { createEmbedApp, createMainApp } from './app.ts';
import { isOwnUpgrade, ownHosts } from './hosts.ts';

const hosts = ownHosts(['https://relay.example', undefined, 'https://embed.example:8443']);

test.each([
  '127.0.0.1:4280',
  'localhost',
  'LOCALHOST:4280',
  '[::1]:4280',
  '192.168.1.7:80',
  'site.localhost:1',
  'relay.example',
  'relay.example.:443',
  'embed.example:9',
])('the relay answers as %s', (host) => {
  expect(hosts.has(host)).toBe(true);
});

test.each([
  'evil.example',
  'relay.example.evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil-localhost',
  '',
  'a b',
  'user@127.0.0.1',
  '127.0.0.1:4280:1',
])('the relay does not answer as "%s"', (host) => {
  expect(hosts.has(host)).toBe(false);
});

test('a name that was made to point here reads nothing and asks for nothing', async () => {
  const { http } = await createWorld();
  for (const app of [createMainApp(http), createEmbedApp(http)]) {
    for (const path of ['/', '/api/config', '/metrics', '/rpc', '/api/faucet']) {
      const answer = await app.request(path, { headers: { host: 'evil.example:4280' } });
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([421, 'HOST_UNKNOWN']);
    }
    const named = { ...http, publicOrigin: 'https://evil.example' };
    expect((await createMainApp(named).request('/api/config', { headers: { host: 'evil.example' } })).status).toBe(200);
  }
});

const upgrade = (host: string, origin?: string) =>
  isOwnUpgrade(hosts, { headers: { host, ...(origin === undefined ? {} : { origin }) } } as IncomingMessage);

test('channels open for our own pages and for programs, not for strangers\u2019 pages', () => {
  expect(upgrade('127.0.0.1:4280')).toBe(true);
  expect(upgrade('127.0.0.1:4280', 'http://127.0.0.1:4281')).toBe(true);
  expect(upgrade('relay.example', 'https://embed.example:8443')).toBe(true);
  expect(upgrade('127.0.0.1:4280', 'https://evil.example')).toBe(false);
  expect(upgrade('127.0.0.1:4280', 'null')).toBe(false);
  expect(upgrade('evil.example', 'https://evil.example')).toBe(false);
});
