import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CliContext {
  terminal: Terminal;
  env: Readonly<Record<string, string | undefined>>;
  json: boolean;
  /** Aborted by Ctrl-C, with a polite end as its reason. */
  signal: AbortSignal;
}

/** What a command found: an object for `--json`, and the same in lines for people. */
export interface CommandResult {
  json: Record<string, unknown>;
  lines: readonly string[];
}

export type Command = (args: string[], context: CliContext) => Promise<CommandResult>;
