import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { saveText } from '@reckon/client/files/save-text';
import { childEnv } from './config.ts';
import { ReckonError } from '@reckon/protocol/base/errors';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const web = join(root, 'apps', 'web');
const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
const stampFile = join(web, 'dist', '.sources');

/** Folders the web app is built from, and single files. */
const SOURCES = [
  'apps/web',
  'packages/protocol/src',
  'packages/kernels/src',
  'packages/node/src',
  'packages/client/src',
  'contracts/src/abi',
];
const SKIPPED = new Set(['node_modules', 'dist', 'testing', 'test', '.vite']);
const SOURCE_NAME = /\.(ts|tsx|mts|css|html|svg|wgsl|wasm|json|png|woff2|ico|webmanifest)$/;

export const webFolders = { app: join(web, 'dist', 'app'), embed: join(web, 'dist', 'embed') };

/** Digest over names and bytes of everything the web app is built from. */
async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')));
  for (const folder of SOURCES) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && SOURCE_NAME.test(entry.name) && !entry.name.includes('.test.'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(
        (path) =>
          !path
            .slice(root.length)
            .split(/[\\/]/)
            .some((part) => SKIPPED.has(part)),
      )
      .sort();
    for (const path of files)
      hash
        .update(path.slice(root.length))
        .update('\0')
        .update(await readFile(path));
  }
  return hash.digest('hex');
}

/** Builds the web app and the widget when there is no build of the sources as they are now. */
export async function ensureWebBuild(say: (line: string) => void): Promise<void> {
  const wanted = await sourcesDigest();
  const built = await readFile(stampFile, 'utf8').catch(() => undefined);
  if (built === wanted && existsSync(join(webFolders.app, 'index.html')) && existsSync(webFolders.embed)) return;
  say('Building the web app (once for each change) …');
  await buildWeb();
  await saveText(stampFile, wanted);
}

/** Builds the dashboard, and the widget that lives on an origin of its own. */
async function buildWeb(): Promise<void> {
  await runVite([]);
  await runVite(['--config', 'vite.embed.config.ts']);
}

function runVite(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vite, 'build', ...args], { cwd: web, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => child.kill('SIGKILL');
    process.once('exit', stop);
    let output = '';
    const gather = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', gather);
    child.stderr.on('data', gather);
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('exit', stop);
      if (code === 0) resolve();
      else reject(new ReckonError('UNEXPECTED', { cause: `the web build failed:\n${output}` }));
    });
  });
}

/** The web app with changes shown as they are made, in front of a running relay. @returns what ends it. */
export function startDevServer(relayUrl: string, port: number): () => void {
  const child = spawn(process.execPath, [vite, '--host', '127.0.0.1', '--port', String(port), '--strictPort'], {
    cwd: web,
    env: childEnv({ RECKON_RELAY: relayUrl }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => void child.kill('SIGTERM');
  process.once('exit', stop);
  return stop;
}
