import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a relay counts, summed over labels: `reckon_slot_seconds_total` to its value. */
export async function readMetrics(url: string): Promise<(name: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\w+)(?:\{[^}]*\})? ([-+.\deE]+)$/.exec(line) ?? [];
    if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return (name) => {
    const value = sums.get(name);
    if (value === undefined) throw new Error(`the relay does not count ${name}`);
    return value;
  };
}

/** Memory of a process that is in the machine's RAM. */
export async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim()) * 1024;
}
