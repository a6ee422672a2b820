#!/usr/bin/env node
// Plain JavaScript: it must run on Node 20, before anything is installed, and hands over to a Node that runs TypeScript.
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(realpathSync(fileURLToPath(import.meta.url)));
const { ensureRuntime } = await import('../../../scripts/bootstrap.mjs');
const { runForeground } = await import('../../../scripts/child.mjs');
try {
  const { node, env } = await ensureRuntime();
  const program = join(here, '..', 'src', 'cli', 'main.ts');
  process.exitCode = await runForeground(node, [program, ...process.argv.slice(2)], { env });
} catch (error) {
  if (error?.name !== 'SetupError') throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = error.code === 'USAGE' ? 2 : 1;
}
