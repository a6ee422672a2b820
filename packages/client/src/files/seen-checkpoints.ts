import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeenCheckpoints } from '../audit/checkpoints.ts';
import { saveText } from './save-text.ts';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Signed checkpoints in a folder, one file a log; or in one file, for one log. */
export function keepCheckpoints(at: { folder: string } | { file: string }): SeenCheckpoints {
  // An origin is a name such as relay.example/log; a file is named by it without what a file name may not have.
  const pathOf = (origin: string) =>
    'file' in at ? at.file : join(at.folder, `${origin.replaceAll(/[^\w.-]+/g, '_').slice(0, 120)}.checkpoint`);
  return {
    async load(origin) {
      try {
        return await readFile(pathOf(origin), 'utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    save: (origin, note) => saveText(pathOf(origin), note),
  };
}
