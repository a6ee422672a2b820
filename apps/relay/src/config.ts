import { parseArgs } from 'node:util';
import { ReckonError } from '@reckon/protocol/base/errors';
import { Address } from '@reckon/protocol/base/ids';
import { tryParse } from '@reckon/protocol/base/parse';
import { Count, Millis } from '@reckon/protocol/base/units';
import { DEFAULT_TRUST, TrustConstants } from '@reckon/protocol/model/trust-constants';
import * as v from 'valibot';

const defined = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const Port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const Origin = v.pipe(v.string(), v.regex(/^https?:\/\/[^/\s;,'"]+$/, 'an origin such as https://example.org'));
const SecretKey = v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hex digits'));

export const Site = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens')),
  name: v.pipe(v.string(), v.maxLength(100)),
  /** Pages that may show the widget's frame. */
  origins: v.pipe(v.array(Origin), v.maxLength(20)),
});
/** A registered site that may embed the widget. */
export type Site = v.InferOutput<typeof Site>;

export const RelaySettings = v.strictObject({
  dataDir: Text,
  host: v.optional(Text, '127.0.0.1'),
  port: v.optional(Port, 8787),
  embedPort: v.optional(Port, 8788),
  publicOrigin: v.optional(Origin),
  embedOrigin: v.optional(Origin),
  relayId: v.optional(v.pipe(v.string(), v.regex(/^[a-zA-Z0-9.:-]{1,80}$/, 'letters, digits, dots and hyphens'))),
  chain: v.strictObject({
    rpcUrl: v.pipe(v.string(), v.url()),
    chainId: v.pipe(Count, v.minValue(1)),
    contracts: v.strictObject({ token: Address, escrow: Address, settlement: Address }),
    token: v.optional(v.strictObject({ symbol: Text, decimals: Count, test: v.boolean() }), {
      symbol: 'tRKN',
      decimals: 18,
      test: true,
    }),
    fromBlock: v.optional(Count, 0),
  }),
  webDir: v.optional(Text),
  embedDir: v.optional(Text),
  sites: v.optional(v.pipe(v.array(Site), v.maxLength(1000)), []),
  epochMs: v.optional(v.pipe(Millis, v.minValue(100)), 15_000),
  /** How often what was decided is published; each sealed epoch is published at once. */
  publishMs: v.optional(v.pipe(Millis, v.minValue(100)), 10_000),
  /** Entries younger than this are not published: they would show which units are being computed, and by whom. */
  publishLagMs: v.optional(Millis, 600_000),
  /** What is assumed of strangers, where that is not the default; fixed with the journal's first entry. */
  trust: v.optional(
    v.pipe(
      v.partial(TrustConstants),
      v.transform((own): TrustConstants => ({ ...DEFAULT_TRUST, ...(defined(own) as Partial<TrustConstants>) })),
    ),
    {},
  ),
  heartbeatMs: v.optional(v.pipe(Millis, v.minValue(100)), 5_000),
  feeBps: v.optional(v.pipe(Count, v.maxValue(10_000)), 500),
  graceMs: v.optional(Millis, 10_000),
  faucet: v.optional(v.boolean(), false),
  maxBlobBytes: v.optional(Count, 64 * 1024 * 1024),
  /** Requests a minute from one address; generous, because loopback shares one. */
  requestsPerMinute: v.optional(v.pipe(Count, v.minValue(1)), 6000),
  logLevel: v.optional(v.picklist(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
});
export type RelaySettings = v.InferOutput<typeof RelaySettings>;

/** Settings and the keys, which come from the environment only. */
export type RelayConfig = RelaySettings & { operatorKey: `0x${string}`; faucetKey?: `0x${string}` };

const usage = (message: string) => new ReckonError('USAGE', { message });

function fromJson(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text === '') return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw usage('RECKON_CONFIG is not JSON.');
  }
}

const asNumber = (text: string | undefined) => (text === undefined ? undefined : Number(text));

function secret(env: NodeJS.ProcessEnv, name: string): `0x${string}` | undefined {
  const value = env[name];
  if (value === undefined || value === '') return undefined;
  if (!v.is(SecretKey, value)) throw usage(`${name} is not a key: expected 0x and 64 hex digits.`); // never the value
  return value.toLowerCase() as `0x${string}`;
}

const options = {
  data: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'embed-port': { type: 'string' },
} as const;

function readArgs(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw usage((error as Error).message);
  }
}

/** Reads `RECKON_CONFIG`, then single variables, then the command line. @throws {ReckonError} USAGE naming the field. */
export function readConfig(env: NodeJS.ProcessEnv, argv: readonly string[]): RelayConfig {
  const args = readArgs(argv);
  const base = fromJson(env['RECKON_CONFIG']);
  const settings = {
    ...base,
    ...defined({
      dataDir: args.data ?? env['RECKON_DATA_DIR'],
      host: args.host ?? env['RECKON_HOST'],
      port: asNumber(args.port ?? env['RECKON_PORT']),
      embedPort: asNumber(args['embed-port'] ?? env['RECKON_EMBED_PORT']),
      logLevel: env['RECKON_LOG_LEVEL'],
    }),
  } as Record<string, unknown>;
  const rpcUrl = env['RECKON_RPC_URL'];
  if (rpcUrl !== undefined) settings['chain'] = { ...(settings['chain'] as object | undefined), rpcUrl };
  const parsed = tryParse(RelaySettings, settings);
  if (!parsed.ok) {
    const { path, expected, received } = parsed.failure;
    throw usage(`Setting "${path}" expected ${expected}, got ${received}. See apps/relay/README.md.`);
  }
  const operatorKey = secret(env, 'RECKON_OPERATOR_KEY');
  if (operatorKey === undefined) throw usage('RECKON_OPERATOR_KEY is missing: the key that posts epochs.');
  const faucetKey = secret(env, 'RECKON_FAUCET_KEY');
  if (parsed.value.faucet && faucetKey === undefined) throw usage('RECKON_FAUCET_KEY is missing: faucet is on.');
  return { ...parsed.value, operatorKey, ...(faucetKey && parsed.value.faucet ? { faucetKey } : {}) };
}

/** The configuration this process was started with. @throws {ReckonError} USAGE. */
export const readProcessConfig = (): RelayConfig => readConfig(process.env, process.argv.slice(2));

/** Whether a host is reachable from this machine only. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');
