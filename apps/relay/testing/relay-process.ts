import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Announcement {
  ready: boolean;
  port?: number;
  embedPort?: number;
  error?: { code: string; details: Record<string, unknown> };
}

export interface RelayProcess {
  readonly child: ChildProcess;
  readonly announcement: Announcement;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C does; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the real relay and waits for its first line. */
export async function startRelayProcess(config: object, secrets: Record<string, string>): Promise<RelayProcess> {
  const env = { PATH: process.env['PATH'] ?? '', RECKON_CONFIG: JSON.stringify(config), ...secrets };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), exited.then(() => ['{"ready":false}'])])) as [string];
  return {
    child,
    announcement: JSON.parse(line) as Announcement,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
}
