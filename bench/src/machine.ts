import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';

/** Where figures come from. Without this they mean nothing. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  browser: string;
}

const run = promisify(execFile);

export async function describeMachine(): Promise<Machine> {
  const [first] = cpus();
  return {
    cpu: first?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${await distribution()} · ${platform()} ${release()} · ${arch()}`,
    node: process.version,
    browser: await browserVersion(),
  };
}

async function distribution(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^PRETTY_NAME="(.+)"$/m.exec(text)?.[1] ?? 'unknown';
}

async function browserVersion(): Promise<string> {
  const program = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  return run(program, ['--version']).then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  );
}
