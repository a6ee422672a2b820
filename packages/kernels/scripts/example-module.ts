import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const FOLDER = new URL('../../../examples/custom-wasm/', import.meta.url);

/** The committed module of the example. */
export const exampleModule = new URL('primes.wasm', FOLDER);

/** The example's declarations of the ABI. */
export const exampleAbi = new URL('reckon.ts', FOLDER);

/** What docs/kernels.md tells to give the compiler. */
const FLAGS = '-O3 --runtime stub --use abort= --exportStart _initialize --initialMemory 1 --maximumMemory 16'.split(
  ' ',
);

/** Builds the example of `custom-wasm`. */
export const buildExampleModule = (): Promise<Uint8Array> => buildAssemblyScript(fileURLToPath(FOLDER), 'primes.as.ts');

/** Builds a program with the very command that docs/kernels.md gives. */
export async function buildAssemblyScript(cwd: string, source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-example-'));
  try {
    const out = join(folder, 'out.wasm');
    const asc = join(fileURLToPath(import.meta.resolve('assemblyscript/asc')), '../../bin/asc.js');
    await promisify(execFile)(process.execPath, [asc, source, '--outFile', out, ...FLAGS], { cwd });
    return Uint8Array.from(await readFile(out));
  } finally {
    await rm(folder, { recursive: true });
  }
}
