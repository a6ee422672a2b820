import { open, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { InputFile } from '@reckon/kernels/kernel';
import { ReckonError } from '@reckon/protocol/base/errors';
import { type JobFile, MAX_JOB_FILE_BYTES, readJobFile } from '@reckon/protocol/model/job-file';

/** Largest input file. */
const MAX_INPUT_BYTES = 1024 * 1024 * 1024;

export interface LoadedJob {
  jobFile: JobFile;
  /** By input name. */
  inputs: Map<string, InputFile>;
}

/**
 * Reads a job file and the inputs it names, which lie below its own folder: a link that leads out of it is refused, so
 * that a stranger's job file cannot make anyone upload something else.
 * @throws {ReckonError} JOB_FILE_UNREADABLE, JOB_FILE_TOO_LARGE, JOB_FILE_INVALID, BLOB_TOO_LARGE.
 */
export async function loadJob(path: string): Promise<LoadedJob> {
  const jobFile = readJobFile(await readSmall(path), path);
  const folder = await realpath(dirname(resolve(path)));
  const inputs = new Map<string, InputFile>();
  for (const [name, given] of Object.entries(jobFile.stages[0]?.inputs ?? {})) {
    inputs.set(name, await loadInput(folder, `stages.0.inputs.${name}`, given));
  }
  return { jobFile, inputs };
}

/** Reads one byte more than is allowed at most, so that an endless file cannot fill the memory. */
async function readSmall(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const buffer = new Uint8Array(MAX_JOB_FILE_BYTES + 1);
      let size = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, size, buffer.length - size);
        size += bytesRead;
        if (bytesRead === 0 || size === buffer.length) return buffer.slice(0, size);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new ReckonError('JOB_FILE_UNREADABLE', { file: path, cause: reasonOf(error) }, { cause: error });
  }
}

async function loadInput(folder: string, path: string, given: string): Promise<InputFile> {
  const expected = 'a readable file below the job file’s folder';
  try {
    const real = await realpath(resolve(folder, given));
    const inside = relative(folder, real);
    if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside) {
      throw new ReckonError('JOB_FILE_INVALID', { path, expected, received: `${given}, which lies outside` });
    }
    const bytes = new Uint8Array(await readFile(real));
    if (bytes.length > MAX_INPUT_BYTES) {
      throw new ReckonError('BLOB_TOO_LARGE', { limitBytes: MAX_INPUT_BYTES, sizeBytes: bytes.length });
    }
    return { fileName: basename(given), bytes };
  } catch (error) {
    if (error instanceof ReckonError) throw error;
    const received = `${given} (${reasonOf(error)})`;
    throw new ReckonError('JOB_FILE_INVALID', { path, expected, received }, { cause: error });
  }
}

/** A file system's refusal in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be read',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is not a folder',
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}
