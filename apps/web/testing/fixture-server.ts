import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { kernelRules } from '@reckon/kernels/rules';
import { toJson } from '@reckon/protocol/base/json';
import { conformance } from './sample-conformance.ts';
import * as sample from './sample-data.ts';
import * as units from './sample-units.ts';
import { makeSampleLogs } from './sample-log.ts';
import { account, epochs, network, node as sampleNode } from './sample-network.ts';

/** A relay's HTTP answers from sample data, to look at pages without one. `empty`: a network on its first day. `alone`: one node.
 * `error`: out of order. `tampered`: its log was changed, and signed so. */
export type FixtureMode = 'busy' | 'empty' | 'alone' | 'error' | 'tampered';

const problem = (response: ServerResponse, status: number, code: string, details: object): void => {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, details }));
};

const emptyNetwork = {
  ...network,
  nodes: [{ kind: 'house', deviceClass: 'cpu', online: 1, busySlots: 0 }],
  kernels: network.kernels.filter(({ online }) => online > 86).map(({ kernel }) => ({ kernel, online: 1 })),
  unitsAccepted: 0,
  unitsAcceptedLastMinute: 0,
  resultsChecked: 0,
  resultsDisagreed: 0,
  trust: {
    accepted: 0,
    verified: 0,
    executions: 0,
    disputed: 0,
    canaries: 0,
    canariesForged: 0,
    caught: 0,
    voided: 0,
  },
  jobsRunning: 0,
  jobsCompleted: 0,
  rewardsEarned: 0n,
  epoch: { number: 1, status: 'open', lastPosted: 0 },
};

function answer(url: URL, mode: FixtureMode): unknown {
  const path = url.pathname;
  const empty = mode === 'empty';
  if (path === '/api/config') return sample.config;
  if (path === '/api/network') return empty || mode === 'alone' ? emptyNetwork : network;
  if (path === '/api/conformance')
    return empty ? { ...conformance, devices: 0, mismatching: 0, adapters: [], groups: [] } : conformance;
  if (path === '/api/epochs') return { epochs: empty ? [] : epochs };
  if (path === '/api/jobs') {
    const status = url.searchParams.get('status');
    return { jobs: empty ? [] : sample.jobs.filter((job) => status === null || job.status === status) };
  }
  const job = /^\/api\/jobs\/(0x\w+)(?:\/(units|bundle))?(?:\/(\d+))?$/.exec(path);
  if (job !== null) {
    const found = sample.jobs.find((each) => each.jobId === job[1]);
    if (found === undefined) return undefined;
    if (job[2] === 'units') return job[3] === undefined ? units.cellsOf(found) : units.unitOf(found, Number(job[3]));
    return job[2] === undefined ? found : units.bundleOf(found);
  }
  const node = /^\/api\/nodes\/(0x\w+)$/.exec(path);
  if (node !== null) return sampleNode(node[1] as string);
  const wallet = /^\/api\/accounts\/(0x\w+)$/.exec(path);
  if (wallet !== null) {
    const data = account(wallet[1] as string);
    return empty ? { ...data, nodes: [], history: [], claim: null, pending: 0n, settled: 0n } : data;
  }
  return undefined;
}

/** What an audit reads: the log, results, and a chain that fits it. Its page is recognised by where the request comes from. */
const logs = makeSampleLogs();
const isAudit = (request: IncomingMessage): boolean => /\/audit/.test(request.headers.referer ?? '');

async function serveAudit(request: IncomingMessage, response: ServerResponse, mode: FixtureMode): Promise<void> {
  const shown = mode === 'error' || mode === 'alone' ? 'busy' : mode;
  if (request.url === '/api/config') return void response.end(toJson({ ...sample.config, ...logs.config }));
  if (request.url === '/rpc') {
    let body = '';
    for await (const chunk of request as AsyncIterable<Buffer>) body += chunk;
    return void response.end(JSON.stringify(logs.rpc(body, shown)));
  }
  const found = await logs.fetch(request.url ?? '', shown);
  response.writeHead(found.status, Object.fromEntries(found.headers));
  response.end(Buffer.from(await found.arrayBuffer()));
}

/** `Settlement.finalAt(uint64)`. */
const FINAL_AT = '0xe93e87af';
const word = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`;

interface Call {
  id: number;
  method: string;
  params?: { data?: string }[];
}

/** A chain that knows balances, and that the posted epoch is final in 42 seconds. */
function rpc(body: string): unknown {
  const read = ({ params }: Call): string =>
    params?.[0]?.data?.startsWith(FINAL_AT)
      ? word(BigInt(Math.floor(Date.now() / 1000) + 42))
      : word((3n * sample.RKN) / 10n);
  const one = (call: Call) => ({
    jsonrpc: '2.0',
    id: call.id,
    result: call.method === 'eth_chainId' ? '0x7a69' : call.method === 'eth_call' ? read(call) : '0x0',
  });
  const parsed = JSON.parse(body) as Call | Call[];
  return Array.isArray(parsed) ? parsed.map(one) : one(parsed);
}

export function startFixture(port: number, mode: () => FixtureMode): Promise<Server> {
  kernelRules('mandelbrot@1.0.0'); // fails early when the kernels do not load
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const ofAudit =
      /^\/(log|api\/blobs)\//.test(url.pathname) || (isAudit(request) && /^\/(rpc|api\/config)$/.test(url.pathname));
    if (ofAudit && mode() !== 'error') return void serveAudit(request, response, mode());
    if (url.pathname === '/rpc') {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk));
      request.on('end', () => response.end(JSON.stringify(rpc(body))));
      return;
    }
    if (mode() === 'error')
      return problem(response, 503, 'RELAY_UNREACHABLE', { url: 'http://127.0.0.1:4280', cause: 'connection refused' });
    if (url.pathname === '/api/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      return;
    }
    if (url.pathname === '/api/conformance' && request.method === 'POST') {
      if (mode() === 'tampered') return problem(response, 429, 'RATE_LIMITED', { retryAfterMs: 2000 });
      response.writeHead(201, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ findings: 8 }));
    }
    if (url.pathname === '/api/faucet') return void response.end(JSON.stringify({ tx: network.journal.root }));
    const body = answer(url, mode());
    if (body === undefined) return problem(response, 404, 'NOT_FOUND', { what: url.pathname });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(toJson(body));
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}
