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

/**
 * Keeps a second process off a node's folder: both would sign with one key.
 * @returns what releases it. @throws {ReckonError} DATA_LOCKED
 */
export function lockFolder(dir: string): () => void {
  const path = join(dir, 'node.lock');
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0 && isRunning(pid)) throw new ReckonError('DATA_LOCKED', { path: dir, pid });
    rmSync(path, { force: true }); // left by a process that was killed
  }
}
