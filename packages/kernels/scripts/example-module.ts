import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const FOLDER = new URL('../../../examples/custom-wasm/', import.meta.url);

/** The committed module of the example. */
export const exampleModule = new URL('primes.wasm', FOLDER);

/** Builds the example of `custom-wasm` with the very command that docs/kernels.md gives. */
export async function buildExampleModule(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'reckon-example-'));
  try {
    const out = join(folder, 'primes.wasm');
    const asc = join(fileURLToPath(import.meta.resolve('assemblyscript/asc')), '../../bin/asc.js');
    const flags = ['-O3', '--runtime', 'stub', '--use', 'abort=', '--initialMemory', '1', '--maximumMemory', '16'];
    const cwd = fileURLToPath(FOLDER);
    await promisify(execFile)(process.execPath, [asc, 'primes.as.ts', '--outFile', out, ...flags], { cwd });
    return Uint8Array.from(await readFile(out));
  } finally {
    await rm(folder, { recursive: true });
  }
}
