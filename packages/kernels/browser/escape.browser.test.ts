import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { workerPolicy } from '../src/worker-policy.ts';
import { network, others, storage, type Targets } from './escapes.ts';
import { launchTab } from './tab.ts';

/** A script that tries everything, in a worker that is served as guests' workers are. */

const text = (path: string) => stripTypeScriptTypes(readFileSync(new URL(path, import.meta.url), 'utf8'));
const SCRIPT = `${text('../src/engine/lockdown.ts')}\n${text('./escapes.ts')}
const left = location.search === '?locked' ? lockDown() : [];
const report = async (targets) => ({ left, reachable: reachable(), refused: await tryAll(targets) });
onmessage = ({ data }) => report(data).then(postMessage, (error) => reportError(error));
postMessage('ready');`;

interface Report {
  left: string[];
  reachable: string[];
  refused: Record<string, string | undefined>;
}

const arrived: string[] = [];
let own: Server;
let other: Server;
let packets: Socket;
let browser: Browser;
let page: Page;
let targets: Targets;

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const SCRIPTS = new Set(['/assets/guest-worker-hostile.js', '/assets/unsealed.js']);

beforeAll(async () => {
  own = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://own').pathname;
    if (path === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Escapes</title>');
    if (!SCRIPTS.has(path)) arrived.push(`${request.method} ${request.url}`);
    const policy = workerPolicy(path);
    const headers = { 'content-type': 'text/javascript', ...(policy && { 'content-security-policy': policy }) };
    return response
      .writeHead(200, headers)
      .end(SCRIPTS.has(path) ? SCRIPT : 'export default 1; globalThis.postMessage?.(1)');
  });
  other = createServer((request, response) => {
    arrived.push(`${request.method} other ${request.url}`);
    const stream = request.url === '/events';
    const type = stream ? 'text/event-stream' : 'text/javascript';
    response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' });
    if (stream) response.write('data: 1\n\n');
    else response.end('export default 1');
  });
  for (const server of [own, other]) {
    server.on('upgrade', (request, socket) => {
      arrived.push(`upgrade ${request.url}`);
      socket.destroy();
    });
  }
  other.on('connection', () => arrived.push('connection to the other origin'));
  const [ownPort, port] = [await listen(own), await listen(other)];
  packets = createSocket('udp4', () => arrived.push('a packet'));
  await new Promise<void>((resolve) => packets.bind(port, '127.0.0.1', resolve));
  targets = { own: `http://127.0.0.1:${ownPort}`, other: `http://127.0.0.1:${port}`, port };
  browser = await launchTab();
  page = await browser.newPage();
  await page.goto(targets.own);
}, 60_000);

afterAll(async () => {
  await browser?.close();
  packets?.close();
  for (const server of [own, other]) {
    server?.closeAllConnections();
    server?.close();
  }
});
beforeEach(() => {
  arrived.length = 0;
});

/** Runs the script in a worker of the page. */
const attack = (script: string): Promise<Report & { heard: unknown[] }> =>
  page.evaluate(
    async ([address, to]) => {
      const heard: unknown[] = [];
      const channel = new BroadcastChannel('leak');
      channel.onmessage = ({ data }) => heard.push(data);
      const worker = new Worker(address, { type: 'module' });
      const said = () =>
        new Promise<unknown>((resolve, reject) => {
          // A number is the word of a script that was imported.
          worker.onmessage = ({ data }) => typeof data === 'number' || resolve(data);
          worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
        });
      await said();
      worker.postMessage(to);
      const report = (await said()) as Report;
      worker.terminate();
      channel.close();
      return { ...report, heard };
    },
    [script, targets] as const,
  );

const succeeded = ({ refused }: Report, attempts: object) =>
  Object.keys(attempts).filter((name) => name in refused && refused[name] === undefined);

test('without a policy the attempts do arrive: the test can tell', async () => {
  const report = await attack('/assets/unsealed.js');
  expect(succeeded(report, network)).toEqual(
    expect.arrayContaining([
      'fetch of the own origin',
      'fetch of another origin',
      'fetch without CORS',
      'XMLHttpRequest',
      'synchronous XMLHttpRequest',
      'EventSource',
      'import from the own origin',
      'import from another origin',
      'import of a blob',
      'nested worker',
      'nested worker of a blob',
      'cached address',
      'eval',
      'new Function',
    ]),
  );
  expect(succeeded(report, storage)).toEqual(Object.keys(storage));
  expect(arrived).toEqual(
    expect.arrayContaining(['GET /leak?fetch', 'POST other /leak?fetch', 'GET /leak.js?secret', 'upgrade /']),
  );
  expect(report.reachable).toEqual(expect.arrayContaining(['fetch', 'IDBFactory', 'Worker', 'BroadcastChannel']));
  expect(report.heard).toEqual(['secret']);
});

test('the policy alone shuts off the network; storage it does not cover', async () => {
  const report = await attack('/assets/guest-worker-hostile.js');
  expect(succeeded(report, network)).toEqual([]);
  expect(succeeded(report, storage)).toEqual(Object.keys(storage));
  expect(arrived).toEqual([]);
});

test('a guest’s worker reaches neither network, storage, other threads nor a finer clock', async () => {
  const report = await attack('/assets/guest-worker-hostile.js?locked');
  expect(report.left).toEqual([]);
  const all = { ...network, ...storage, ...others };
  expect(Object.keys(report.refused)).toEqual(Object.keys(all));
  expect(succeeded(report, all)).toEqual([]);
  expect(report.reachable).toEqual([]);
  expect(report.heard).toEqual([]);
  expect(arrived).toEqual([]);
});

test('the lockdown alone holds where a browser does not obey a worker’s policy, but for imports', async () => {
  const report = await attack('/assets/unsealed.js?locked');
  expect(succeeded(report, { ...network, ...storage, ...others })).toEqual([
    'import from the own origin',
    'import from another origin',
    'import of a data address',
    'new Function',
  ]);
});
