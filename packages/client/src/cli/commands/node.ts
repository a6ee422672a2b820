import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createHeadlessNode, type HeadlessOptions } from '@reckon/node/headless/headless-node';
import { NodeSettings } from '@reckon/node/settings';
import type { NodeSnapshot } from '@reckon/node/snapshot';
import { fromHex } from '@reckon/protocol/base/bytes';
import { fromWire, ReckonError } from '@reckon/protocol/base/errors';
import { tryParse } from '@reckon/protocol/base/parse';
import type { Log } from '@reckon/protocol/base/ports';
import * as v from 'valibot';
import { formatAmount } from '../../amount.ts';
import { parseKey } from '../../files/key-file.ts';
import { configFolder } from '../../files/wallet.ts';
import { createRelayClient } from '../../relay-client.ts';
import { systemClock } from '@reckon/kernels/engine/system-clock';
import type { CliContext, Command } from '../command.ts';
import { cellGlyph, type Terminal } from '../terminal.ts';
import { DEFAULT_RELAY, parsed, parseUrl, usage } from '../usage.ts';

const options = {
  relay: { type: 'string' },
  workers: { type: 'string' },
  data: { type: 'string' },
  webrtc: { type: 'boolean' },
  'green-hours': { type: 'string' },
  'grams-per-kwh': { type: 'string' },
} as const;

/** How long results already computed may take to be delivered after Ctrl-C. */
const FINISH_MS = 20_000;

/** `reckon node`: a volunteer without a screen; Ctrl-C finishes the units under lease, then ends. */
export const node: Command = async (args, context) => {
  const { values } = parsed('node', () => parseArgs({ args, options }));
  const relayUrl = parseUrl(values.relay ?? context.env['RECKON_RELAY'] ?? DEFAULT_RELAY, '--relay');
  const power = parsePower(values['green-hours'], values['grams-per-kwh']);
  const workers = values.workers === undefined ? undefined : parseWorkers(values.workers);
  const { token } = await createRelayClient(relayUrl).config();
  const payout = context.env['RECKON_PRIVATE_KEY'];
  const headless: HeadlessOptions = {
    relayUrl,
    dataDir: values.data ?? join(configFolder(context.env), 'node'),
    kind: 'headless',
    power,
    transport: values.webrtc ? 'webrtc' : 'websocket',
    log: quietLog(context.terminal),
    ...(workers === undefined ? {} : { workers }),
    ...(payout ? { payoutKey: fromHex(parseKey(payout, 'RECKON_PRIVATE_KEY')) } : {}),
  };
  const computing = await createHeadlessNode(headless);
  context.terminal.say(`node ${computing.nodeId} at ${relayUrl}; Ctrl-C finishes what it holds and ends`);
  computing.start();
  const stopShowing = computing.subscribe(() => context.terminal.progress(nodeLine(computing.snapshot())));
  try {
    await ended(computing, context);
    const { totals, nodeId, error } = computing.snapshot();
    if (!context.signal.aborted && error?.code === 'NODE_BARRED') throw fromWire(error);
    if (!context.signal.aborted && error !== null) {
      throw new ReckonError('CHANNEL_UNAVAILABLE', { tried: relayUrl, cause: error.code });
    }
    const reward = BigInt(totals.reward);
    return {
      json: { nodeId, relay: relayUrl, totals },
      lines: [
        `${totals.accepted} units accepted, ${totals.waiting} waiting, ${totals.checks} checks made, ${totals.credits} credits, ${formatAmount(reward, token)} earned.`,
      ],
    };
  } finally {
    stopShowing();
    computing.close();
  }
};

function parseWorkers(text: string): number {
  const workers = Number(text);
  const valid = Number.isInteger(workers) && workers >= 1 && workers <= 64;
  return valid ? workers : usage(`--workers takes a number from 1 to 64: ${text.slice(0, 20)}`);
}

/** What the operator declares of the electricity; the relay believes it, because it earns nothing but a place in line. */
function parsePower(hours: string | undefined, grams: string | undefined): NonNullable<HeadlessOptions['power']> {
  const [, from, to] = hours === undefined ? [] : (/^(\d{1,2})-(\d{1,2})$/.exec(hours) ?? []);
  const declared = {
    ...(hours === undefined ? {} : { greenHours: [Number(from), Number(to)] }),
    ...(grams === undefined ? {} : { gramsCo2PerKwh: grams === '' ? Number.NaN : Number(grams) }),
  };
  const found = tryParse(v.pick(NodeSettings, ['greenHours', 'gramsCo2PerKwh']), declared);
  if (found.ok) return found.value;
  return found.failure.path.startsWith('green')
    ? usage(`--green-hours takes two hours of the UTC day such as 10-16: ${hours?.slice(0, 20)}`)
    : usage(`--grams-per-kwh takes grams of CO₂ from 0 to 2000: ${grams?.slice(0, 20)}`);
}

type Running = Awaited<ReturnType<typeof createHeadlessNode>>;

/** Resolves when the node is blocked for good, or after Ctrl-C once nothing is held any more. */
async function ended(computing: Running, { signal }: CliContext): Promise<void> {
  const reached = Promise.withResolvers<void>();
  const look = () => {
    const { state } = computing.snapshot();
    if (state === 'blocked' || (signal.aborted && state !== 'computing' && state !== 'finishing')) reached.resolve();
  };
  const finish = () => {
    computing.finish();
    look();
  };
  const stop = computing.subscribe(look);
  signal.addEventListener('abort', finish, { once: true });
  if (signal.aborted) finish();
  const late = new AbortController();
  const limit = new Promise<void>((resolve) => {
    const start = () => void systemClock.sleep(FINISH_MS, late.signal).then(resolve, () => undefined);
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true });
  });
  await Promise.race([reached.promise, limit]);
  late.abort();
  stop();
  signal.removeEventListener('abort', finish);
}

/** The node in one line: its cells, then state, reason and figures. */
function nodeLine({ status, units, totals, channel }: NodeSnapshot): string {
  const cells = units.map(({ progress }) => cellGlyph({ status: 'issued', leased: 1, revealed: 0, progress }));
  const words = [status.title, status.reason].filter((word) => word !== undefined).join(' · ');
  const by = channel.kind === null ? '' : ` · ${channel.kind}`;
  return `${cells.join('') || '·'} ${words} · ${totals.accepted} accepted · ${totals.waiting} waiting${by}`;
}

/** The status line says what a person needs; of the log only errors are shown. */
function quietLog(terminal: Terminal): Log {
  const ignore = () => undefined;
  const show = (fields: Readonly<Record<string, unknown>>, event: string) =>
    terminal.say(`${event} ${JSON.stringify(fields).slice(0, 300)}`);
  return { debug: ignore, info: ignore, warn: ignore, error: show };
}
