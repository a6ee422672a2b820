import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ReckonError } from '@reckon/protocol/base/errors';

export interface LocalOptions {
  port: number;
  dataDir: string;
  /** RPC of a chain given; the embedded one otherwise. */
  chainRpc: string | undefined;
  /** JSON file with the contracts' addresses on that chain. */
  contractsFile: string | undefined;
  fresh: boolean;
  house: boolean;
  sample: boolean;
  epochMs: number;
  dev: boolean;
  help: boolean;
}

export const DEFAULT_PORT = 4280;
export const DEFAULT_EPOCH_MS = 15_000;

/** How to order the example job from the relay on this port. */
export const orderCommand = (port: number): string =>
  `npx reckon run examples/digits/job.json --out results/${port === DEFAULT_PORT ? '' : ` --relay http://127.0.0.1:${port}`}`;

export const helpText = `npm start -- [options]

  --port N          address of the app (default ${DEFAULT_PORT}); the widget's own origin is N + 1
  --data DIR        where everything is kept (default .reckon)
  --fresh           forget everything kept there first
  --chain-rpc URL   settle on this chain instead of the embedded test chain
  --contracts FILE  its contracts: {"token":"0x…","escrow":"0x…","settlement":"0x…"}; deployed when not given
  --no-house        without the house node
  --no-sample       without the sample job
  --epoch-ms N      length of an accounting period in milliseconds (default ${DEFAULT_EPOCH_MS})
`;

const options = {
  port: { type: 'string' },
  data: { type: 'string' },
  'chain-rpc': { type: 'string' },
  contracts: { type: 'string' },
  fresh: { type: 'boolean' },
  'no-house': { type: 'boolean' },
  'no-sample': { type: 'boolean' },
  'epoch-ms': { type: 'string' },
  dev: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const usage = (message: string): never => {
  throw new ReckonError('USAGE', { message });
};

function wholeNumber(text: string, name: string, min: number, max: number): number {
  const value = Number(text);
  const valid = /^\d+$/.test(text) && value >= min && value <= max;
  return valid ? value : usage(`--${name} takes a whole number from ${min} to ${max}: ${text.slice(0, 20)}`);
}

/** @throws {ReckonError} USAGE. */
export function parseLocalOptions(args: string[]): LocalOptions {
  const { values } = parse(args);
  const chainRpc = values['chain-rpc'];
  if (chainRpc !== undefined && !/^https?:\/\//.test(chainRpc))
    usage(`--chain-rpc is not an http address: ${chainRpc}`);
  if (values.contracts !== undefined && chainRpc === undefined) usage('--contracts needs --chain-rpc.');
  return {
    port: wholeNumber(values.port ?? String(DEFAULT_PORT), 'port', 1, 65_534),
    dataDir: resolve(values.data ?? '.reckon'),
    chainRpc,
    contractsFile: values.contracts,
    fresh: values.fresh ?? false,
    house: !values['no-house'],
    sample: !values['no-sample'],
    epochMs: wholeNumber(values['epoch-ms'] ?? String(DEFAULT_EPOCH_MS), 'epoch-ms', 500, 86_400_000),
    dev: values.dev ?? false,
    help: values.help ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options });
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}
