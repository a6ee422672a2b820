import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReckonError } from '@reckon/protocol/base/errors';

function isRunning(pid: number): boolean {
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
  if (!(Number(pid) > 0) || !isRunning(Number(pid))) return false;
  const now = startOf(Number(pid));
  return start === '' || now === '' || start === now;
}

/**
 * Keeps a second process off a node's folder: both would sign with one key.
 * @returns what releases it. @throws {ReckonError} DATA_LOCKED
 */
export function lockFolder(dir: string): () => void {
  const path = join(dir, 'node.lock');
  for (;;) {
    try {
      writeFileSync(path, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = readFileSync(path, 'utf8');
    if (isHeld(text)) throw new ReckonError('DATA_LOCKED', { path: dir, pid: Number.parseInt(text, 10) });
    rmSync(path, { force: true }); // left by a process that was killed
  }
}
