import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPool } from '@reckon/kernels/engine/pool';
import { spawnNodeWorker } from '@reckon/kernels/engine/worker-node';
import { systemRandom } from '@reckon/node/system-random';
import type { Difference } from '@reckon/protocol/audit/difference';
import type { ErrorDetails } from '@reckon/protocol/base/error-codes';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type AuditPorts, auditRelay } from '../../audit/audit-relay.ts';
import type { AuditProgress, AuditReport } from '../../audit/audit-report.ts';
import { type RecomputeReport, recomputeUnits } from '../../audit/recompute.ts';
import { createSettlementReader } from '../../audit/settlement-reader.ts';
import { hashEntryNatively } from '../../files/native-hash.ts';
import { loadRecover } from '../../files/load-recover.ts';
import { keepCheckpoints } from '../../files/seen-checkpoints.ts';
import { configFolder } from '../../files/wallet.ts';
import { type HttpContext, receiveText } from '../../http.ts';
import { createRelayClient } from '../../relay-client.ts';
import { auditLines, plain } from '../audit-lines.ts';
import type { CliContext, Command } from '../command.ts';
import { DEFAULT_RELAY, parsed, parseUrl, usage } from '../usage.ts';

const options = {
  relay: { type: 'string' },
  rpc: { type: 'string' },
  units: { type: 'string' },
  compare: { type: 'string' },
  state: { type: 'string' },
  signatures: { type: 'string' },
} as const;

/** Memory of one kernel worker. */
const WORKER_BYTES = 1024 ** 3;
const MAX_UNITS = 1000;

/** `reckon audit`: replays a relay's journal, compares it with the chain, and computes some accepted units again. */
export const audit: Command = async (args, context) => {
  const { values } = parsed('audit', () => parseArgs({ args, options }));
  const baseUrl = parseUrl(values.relay ?? context.env['RECKON_RELAY'] ?? DEFAULT_RELAY, '--relay');
  const rpc = values.rpc === undefined ? undefined : parseUrl(values.rpc, '--rpc');
  const units = parseUnits(values.units ?? '5');
  const signatures = parseShare(values.signatures ?? 'all');
  const { signal } = context;
  const http: HttpContext = { baseUrl, fetch: (url, init) => fetch(url, init) };
  const compare = values.compare === undefined ? {} : { compare: await loadNote(values.compare, signal) };
  const ports: AuditPorts = {
    http,
    openChain: (config) => createSettlementReader(rpc ?? `${baseUrl}${config.rpcPath}`),
    seen: keepCheckpoints(
      values.state === undefined ? { folder: join(configFolder(context.env), 'audit') } : { file: values.state },
    ),
    random: systemRandom,
    recover: await loadRecover(),
    hashEntry: hashEntryNatively,
    now: Date.now,
  };
  const show = showProgress(context);
  const report = await auditRelay(ports, { signatures: () => signatures, units, ...compare, signal, onProgress: show });
  const recomputed = report.difference === null ? await recompute(report, http, context) : { units: [] };
  const { token } = await createRelayClient(baseUrl).config();
  const difference = report.difference ?? recomputed.difference;
  const lines = auditLines(report, recomputed, { ownNode: rpc !== undefined, token });
  if (difference !== undefined) {
    for (const line of lines) context.terminal.say(line);
    throw refusal(difference);
  }
  return { json: toJsonReport(report, recomputed, rpc !== undefined), lines };
};

async function recompute(report: AuditReport, http: HttpContext, context: CliContext): Promise<RecomputeReport> {
  const pool = createPool({ spawn: spawnNodeWorker({ limitBytes: WORKER_BYTES }), size: 1 });
  const { signal } = context;
  const show = showProgress(context);
  const relay = createRelayClient(http.baseUrl, { fetch: http.fetch });
  const onProgress = (done: number, total: number) => show({ phase: 'recompute', done, total });
  try {
    return await recomputeUnits(report.sample, { relay, pool, random: systemRandom, signal, onProgress });
  } finally {
    pool.close();
  }
}

const DOING = {
  log: () => 'reading the checkpoint',
  replay: (done: string, total: string) => `${done} of ${total} entries replayed`,
  chain: (done: string, total: string) => `${done} of ${total} facts compared with the chain`,
  recompute: (done: string, total: string) => `${done} of ${total} units computed again`,
} as const;

const showProgress =
  ({ terminal }: CliContext) =>
  ({ phase, done, total }: AuditProgress): void =>
    terminal.progress(DOING[phase](done.toLocaleString('en'), total.toLocaleString('en')));

/** A difference as the coded refusal the command ends with. */
function refusal({ code, index, what, expected, ...told }: Difference): ReckonError {
  const received = plain(told.received);
  if (code === 'LOG_ENTRY_MISMATCH') return new ReckonError(code, { index, expected, received });
  const details: ErrorDetails['AUDIT_DIFFERENCE'] = { index, what, expected, received };
  return new ReckonError('AUDIT_DIFFERENCE', details);
}

function toJsonReport(report: AuditReport, recomputed: RecomputeReport, ownNode: boolean): Record<string, unknown> {
  const { relay, origin, checkpoint, note, extended, replay, signatures, chain, accepted } = report;
  const { entries, epochs, balances, totals, draws } = replay;
  return {
    relay,
    origin,
    checkpoint,
    note,
    extended,
    entries,
    epochs,
    balances,
    totals,
    draws,
    signatures,
    chain: chain === null ? null : { ...chain, ownNode },
    accepted,
    recomputed: recomputed.units,
    settlementRoot: epochs.at(-1)?.claimsRoot ?? null,
  };
}

/** Another auditor's checkpoint, from a file or from its address. */
async function loadNote(from: string, signal: AbortSignal): Promise<string> {
  if (URL.parse(from)?.protocol.startsWith('http')) {
    const http: HttpContext = { baseUrl: parseUrl(from, '--compare'), fetch: (url, init) => fetch(url, init) };
    return receiveText(http, '', { signal });
  }
  try {
    return await readFile(from, 'utf8');
  } catch (error) {
    return usage(`--compare cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseUnits(text: string): number {
  const units = Number(text);
  const valid = Number.isInteger(units) && units >= 0 && units <= MAX_UNITS;
  return valid ? units : usage(`--units takes a number from 0 to ${MAX_UNITS}: ${text.slice(0, 20)}`);
}

function parseShare(text: string): number {
  if (text === 'all') return 1;
  if (text === 'none') return 0;
  const share = Number(text);
  return share > 0 && share <= 1 ? share : usage(`--signatures takes all, none or a share: ${text.slice(0, 20)}`);
}
