#!/usr/bin/env node
// Entry of every npm script. Plain JavaScript without dependencies: it must run on Node 20, before anything is installed.
import { join } from 'node:path';
import { ensureRuntime, root } from './bootstrap.mjs';
import { runForeground } from './child.mjs';
import { SetupError } from './setup-error.mjs';

/** @type {Record<string, { program: string, args?: string[], cwd?: string, browser?: boolean }>} */
const commands = {
  start: { program: 'apps/local/src/main.ts' },
  dev: { program: 'apps/local/src/main.ts', args: ['--dev'] },
  demo: { program: 'apps/local/src/demo/main.ts', browser: true },
  test: { program: 'scripts/test/main.ts', browser: true },
  check: { program: 'scripts/check/main.ts' },
  build: { program: 'apps/local/src/build-main.ts' },
  'build:wasm': { program: 'packages/kernels/scripts/build-wasm.ts' },
  'build:contracts': { program: 'contracts/scripts/build.ts' },
  'train:digits': { program: 'scripts/train-digits/train.ts' },
  bench: { program: 'bench/src/main.ts', browser: true },
  sim: { program: 'sim/src/main.ts' },
};

async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new SetupError('USAGE', `Usage: npm run <${Object.keys(commands).join(' | ')}> -- [options]`);
  const { node, env } = await ensureRuntime({ browser: command.browser ?? false });
  const program = [join(root, command.program), ...(command.args ?? []), ...args];
  return await runForeground(node, program, { env, cwd: join(root, command.cwd ?? '.') });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = error.code === 'USAGE' ? 2 : 1;
}
