import { open, readFile, rename } from 'node:fs/promises';
import { toDiskError } from '../disk-error.ts';

/** Keeps the newest signed checkpoint, so that none is ever signed that does not extend it. */
export interface CheckpointStore {
  read(): Promise<string | undefined>;
  /** Resolves once the note would survive a power cut. */
  write(note: string): Promise<void>;
}

export function openCheckpointFile(path: string): CheckpointStore {
  return {
    async read() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(note) {
      try {
        const file = await open(`${path}.new`, 'w');
        try {
          await file.writeFile(note);
          await file.sync();
        } finally {
          await file.close();
        }
        // Whoever reads it finds the old one or the new one, whole.
        await rename(`${path}.new`, path);
      } catch (error) {
        throw toDiskError(error, 'the checkpoint');
      }
    },
  };
}
