import { type ChildProcess, fork } from 'node:child_process';
import { childEnv } from './config.ts';
import { ReckonError } from '@reckon/protocol/base/errors';

/** A program of ours in a process of its own, with a message channel that ends it when we end. */
export interface Child {
  readonly pid: number;
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  onMessage(receive: (message: unknown) => void): void;
  send(message: object): void;
  /** Asks it to end, and ends it by force after `withinMs`. */
  stop(withinMs: number): Promise<void>;
}

export interface ChildOptions {
  program: string;
  env?: Record<string, string>;
  /** Each line it writes to stderr. */
  onLine?: (line: string) => void;
}

/**
 * Starts a program. It gets a process group of its own, so that a terminal's Ctrl-C reaches only us and we stop all in
 * order; losing the channel, even by SIGKILL of us, tells it to end.
 */
export function startChild({ program, env = {}, onLine }: ChildOptions): Child {
  const child: ChildProcess = fork(program, [], {
    env: childEnv(env),
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  const { pid } = child;
  if (pid === undefined) throw new ReckonError('UNEXPECTED', { cause: `${program} did not start` });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  child.stdout?.resume(); // what it prints for people is also sent by message
  readLines(child, onLine);
  // A child of ours does not outlive us, whatever ends us: `exit` runs also after an uncaught error. Asked, not killed: the
  // chain's keeper has a chain to end.
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  void exited.then(() => process.off('exit', kill));
  return {
    pid,
    exited,
    onMessage: (receive) => void child.on('message', receive),
    send: (message) => void (child.connected && child.send(message, () => undefined)), // an ended child hears nothing
    async stop(withinMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

function readLines(child: ChildProcess, onLine: ((line: string) => void) | undefined): void {
  let rest = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine?.(line);
  });
}

/** The first message that `pick` takes; rejects when the program ends before. */
export function firstMessage<T>(child: Child, name: string, pick: (message: unknown) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    child.onMessage((message) => {
      try {
        const picked = pick(message);
        if (picked !== undefined) resolve(picked);
      } catch (error) {
        reject(error);
      }
    });
    void child.exited.then((code) =>
      reject(
        new ReckonError('UNEXPECTED', { cause: `the ${name} ended before it was ready (code ${code ?? 'none'})` }),
      ),
    );
  });
}
