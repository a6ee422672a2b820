import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ReckonError } from '@reckon/protocol/base/errors';
import { RESULT_FILE, type ResultFiles, UNITS_FOLDER } from '../result/result-file.ts';
import { unzipResult } from '../result/zip.ts';
import { reasonOf } from './load-job.ts';

/** A kernel's output name with nothing in it that could leave the folder. */
const isPlainName = (name: string): boolean => /^(?!.*\.\.)[\w.-]+(\/[\w.-]+)?$/.test(name);

/** Writes each file whole or not at all; `result.json` last, so that its presence means the rest is there. */
export async function saveResult(folder: string, files: ResultFiles): Promise<void> {
  const last = (name: string) => (name === RESULT_FILE ? 1 : 0);
  for (const [name, bytes] of [...files].sort(([a], [b]) => last(a) - last(b))) {
    if (!isPlainName(name)) {
      throw new ReckonError('RESULT_INVALID', { file: name, check: 'format', cause: 'its name is not a plain one' });
    }
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
  }
}

/**
 * Reads a result: its folder, the `result.json` in it, or a zip of it. Names come from the folder, never from a file in it.
 * @throws {ReckonError} NOT_FOUND or RESULT_INVALID.
 */
export async function loadResult(path: string): Promise<ResultFiles> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) throw new ReckonError('NOT_FOUND', { what: path });
  try {
    if (info.isDirectory()) return await readFolder(path);
    if (basename(path) === RESULT_FILE) return await readFolder(dirname(resolve(path)));
    return unzipResult(new Uint8Array(await readFile(path)), path);
  } catch (error) {
    if (error instanceof ReckonError) throw error;
    throw new ReckonError('RESULT_INVALID', { file: path, check: 'format', cause: reasonOf(error) }, { cause: error });
  }
}

async function readFolder(folder: string): Promise<ResultFiles> {
  const files = new Map<string, Uint8Array>();
  for (const prefix of ['', `${UNITS_FOLDER}/`]) {
    const entries = await readdir(join(folder, prefix), { withFileTypes: true }).catch((error: unknown) => {
      if (prefix === '') throw error;
      return []; // a job without any accepted unit has no raw results
    });
    for (const entry of entries) {
      if (!entry.isFile() || entry.name.startsWith('.') || entry.name.endsWith('.part')) continue;
      files.set(`${prefix}${entry.name}`, new Uint8Array(await readFile(join(folder, prefix, entry.name))));
    }
  }
  return files;
}
