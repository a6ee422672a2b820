import { ReckonError } from '@reckon/protocol/base/errors';
import { strFromU8, unzipSync, zipSync } from 'fflate';
import type { ResultFiles } from './result-file.ts';

/** Largest result that is unpacked, and most files in it: a zip may claim anything. */
const MAX_UNZIPPED_BYTES = 2 * 1024 * 1024 * 1024;
const MAX_FILES = 20_000;
/** A fixed time, so that the same result gives the same archive. */
const ZIP_TIME = new Date('2026-01-01T00:00:00Z');

/** One file to save, for a browser. */
export const zipResult = (files: ResultFiles): Uint8Array<ArrayBuffer> =>
  zipSync(Object.fromEntries(files), { level: 6, mtime: ZIP_TIME });

/** @throws {ReckonError} RESULT_INVALID when the bytes are not a zip of a bearable size. */
export function unzipResult(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  const invalid = (cause: string) => new ReckonError('RESULT_INVALID', { file, check: 'format', cause });
  let total = 0;
  let count = 0;
  const filter = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    total += originalSize;
    count += 1;
    if (total > MAX_UNZIPPED_BYTES || count > MAX_FILES) throw invalid('it unpacks to more than a result may have');
    return !name.endsWith('/');
  };
  try {
    return new Map(Object.entries(unzipSync(bytes, { filter })));
  } catch (error) {
    if (error instanceof ReckonError) throw error;
    throw invalid(`it is not a zip archive (${strFromU8(bytes.slice(0, 4), true).replace(/[^\x20-\x7e]/g, '?')}…)`);
  }
}
