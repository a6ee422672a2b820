import { readFileSync } from 'node:fs';
import { ReckonError, toReckonError, toWire } from '@reckon/protocol/base/errors';
import { toJson } from '@reckon/protocol/base/json';
import type { Command } from './command.ts';
import { audit } from './commands/audit.ts';
import { claim } from './commands/claim.ts';
import { kernel } from './commands/kernel.ts';
import { node } from './commands/node.ts';
import { run } from './commands/run.ts';
import { status } from './commands/status.ts';
import { verify } from './commands/verify.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { helpText, usage } from './usage.ts';

const commands: Readonly<Record<string, Command>> = { run, node, status, verify, audit, claim, kernel };

export interface CliIo {
  env: Readonly<Record<string, string | undefined>>;
  /** Standard output. */
  print(text: string): void;
  /** Replaces the terminal; a test's own. */
  terminal?: Terminal;
  signal: AbortSignal;
}

/**
 * Runs one command line. With `--json` exactly one JSON object is printed, whatever happens.
 * @returns the exit code: 0 done (and verified), 1 refused with a code, 2 wrong usage.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<0 | 1 | 2> {
  const json = argv.includes('--json');
  const args = argv.filter((arg) => arg !== '--json');
  const terminal = io.terminal ?? createTerminal(json);
  try {
    const { json: found, lines } = await dispatch(args)([...args.slice(1)], {
      terminal,
      env: io.env,
      json,
      signal: io.signal,
    });
    terminal.endProgress();
    if (json) io.print(`${toJson({ ok: true, ...found })}\n`);
    else for (const line of lines) io.print(`${line}\n`);
    return 0;
  } catch (thrown) {
    terminal.endProgress();
    const error = io.signal.aborted ? interrupted(args) : toReckonError(thrown);
    if (json) io.print(`${toJson({ ok: false, error: { ...toWire(error), message: error.message } })}\n`);
    else terminal.say(`${error.code}: ${error.message}`);
    return error.code === 'USAGE' ? 2 : 1;
  }
}

function dispatch([name, ...rest]: readonly string[]): Command {
  if (rest.includes('--help') || rest.includes('-h')) return dispatch(['help']);
  if (name === undefined) return () => Promise.resolve(usage('Say what to do: reckon help'));
  if (name === '--version' || name === '-v')
    return () => Promise.resolve({ json: { version: version() }, lines: [version()] });
  if (name === 'help' || name === '--help' || name === '-h') {
    return () => Promise.resolve({ json: { help: helpText }, lines: [helpText.trimEnd()] });
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return command ?? (() => Promise.resolve(usage(`There is no command "${name.slice(0, 40)}". See: reckon help`)));
}

const interrupted = ([name]: readonly string[]): ReckonError => {
  const next =
    name === 'run' ? 'A posted job goes on; start the same command again to fetch it.' : 'Nothing was changed.';
  return new ReckonError('INTERRUPTED', { next });
};

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
