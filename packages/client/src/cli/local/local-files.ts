import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InputFile } from '@reckon/kernels/kernel';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { usage } from '../usage.ts';

/** No kernel's units may take longer. */
const MAX_SECONDS = 300;

/** @throws {ReckonError} USAGE naming the file. */
export async function readInput(path: string): Promise<InputFile> {
  try {
    return { fileName: basename(path), bytes: new Uint8Array(await readFile(path)) };
  } catch (error) {
    return usage(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Files into a folder, which is made. */
export async function saveFiles(folder: string, files: readonly NamedPart[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
}

/** @throws {ReckonError} USAGE naming the option. */
export const wholeOption = (option: string, text: string): number =>
  /^\d{1,9}$/.test(text) ? Number(text) : usage(`${option} should be a whole number, not ${text.slice(0, 40)}`);

/** `--seconds` as the longest time of a unit. @throws {ReckonError} USAGE for more than any unit may take. */
export function limitOf(seconds: string | undefined): { limitMs?: number } {
  if (seconds === undefined) return {};
  const value = wholeOption('--seconds', seconds);
  if (value < 1 || value > MAX_SECONDS) return usage(`--seconds should be from 1 to ${MAX_SECONDS}, not ${seconds}`);
  return { limitMs: value * 1000 };
}
