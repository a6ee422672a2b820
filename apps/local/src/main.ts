// npm start: the whole system on this machine, in one process tree.
import { once } from 'node:events';
import { relative } from 'node:path';
import { type ReckonError, toReckonError } from '@reckon/protocol/base/errors';
import { helpText, orderCommand, parseLocalOptions } from './options.ts';
import { type Stack, startStack } from './stack.ts';
import { startDevServer } from './web-build.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const refuse = (error: ReckonError): number => {
  process.stderr.write(`${error.code}: ${error.message}\n`);
  return error.code === 'USAGE' ? 2 : 1;
};

async function main(): Promise<number> {
  const options = parseLocalOptions(process.argv.slice(2));
  if (options.help) {
    say(helpText.trimEnd());
    return 0;
  }
  const { chainRpc, contractsFile, dev, help: _help, ...rest } = options;
  const stopped = interrupted();
  say('Starting chain, relay and web app …');
  const stack = await startStack({
    ...rest,
    ...(chainRpc === undefined ? {} : { chainRpc }),
    ...(contractsFile === undefined ? {} : { contractsFile }),
    web: dev ? 'none' : 'build',
    relayLogLevel: dev ? 'debug' : 'warn',
    say,
    log: (from, line) => void process.stderr.write(`${from}: ${line}\n`),
  });
  greet(stack, options.chainRpc === undefined);
  const stopDev = dev ? startDevServer(stack.url, stack.port + 2) : () => undefined;
  const broken = await Promise.race([stopped.then(() => undefined), stack.broken]);
  say('Stopping …');
  stopDev();
  await stack.stop();
  return broken === undefined ? 0 : refuse(broken);
}

function greet(stack: Stack, embedded: boolean): void {
  say('');
  say(`  Reckon runs at ${stack.url}${embedded ? '   (test money on an embedded chain)' : ''}`);
  say('');
  say('  Compute   open it and press Start; a second tab joins as a second node');
  say(`  Order     ${orderCommand(stack.port)}`);
  say(`  Stop      Ctrl-C in this terminal; everything is kept in ${shortPath(stack.dataDir)}`);
  say('');
}

function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** Resolves on Ctrl-C; a second one ends at once. */
async function interrupted(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  await Promise.race(signals.map((signal) => once(process, signal)));
  for (const signal of signals) process.once(signal, () => process.exit(130));
}

try {
  process.exitCode = await main();
} catch (thrown) {
  process.exitCode = refuse(toReckonError(thrown));
}
// Nothing is left to do; a socket of a stopped child must not keep the terminal waiting.
process.exit();
