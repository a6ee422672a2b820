import { closeSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ReckonError } from '@reckon/protocol/base/errors';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, as Linux counts it; empty where that cannot be read. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Whether the process that wrote the lock still runs. Its number may be another's by now: a container's are always the same. */
function isHeld(text: string): boolean {
  const [pid = '', start = ''] = text.split(' ');
  if (!(Number(pid) > 0) || !isAlive(Number(pid))) return false;
  const now = startOf(Number(pid));
  return start === '' || now === '' || start === now;
}

/**
 * Makes the data folder ours until the returned function is called. A lock left by a killed process is taken over.
 * @throws {ReckonError} DATA_LOCKED while another live process holds it.
 */
export function lockData(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'relay.lock');
  for (let attempt = 0; ; attempt++) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, `${process.pid} ${startOf(process.pid)}`);
      closeSync(file);
      return () => unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = readFileSync(path, 'utf8');
    const pid = Number.parseInt(text, 10) || 0;
    if (attempt > 0 || isHeld(text)) throw new ReckonError('DATA_LOCKED', { path: dataDir, pid });
    unlinkSync(path);
  }
}
