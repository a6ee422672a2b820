// npm run demo: the whole loop by itself, with two real headless browser tabs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { createTerminal } from '@reckon/client/cli/terminal';
import { toReckonError } from '@reckon/protocol/base/errors';
import { launchBrowser } from './browser.ts';
import { runDemo } from './run-demo.ts';
import { startStack } from '../stack.ts';

const terminal = createTerminal(false, process.stdout);
const out = resolve('results', 'demo');
/** Short, so that the reward can be claimed while one watches. */
const EPOCH_MS = 4_000;

async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reckon-demo-'));
  const log = (from: string, line: string) => terminal.say(`${from}: ${line}`);
  terminal.say('Starting chain, relay and web app …');
  const stack = await startStack({
    dataDir,
    port: 0,
    house: false,
    sample: false,
    epochMs: EPOCH_MS,
    say: terminal.say,
    log,
  });
  try {
    terminal.say(`The system runs at ${stack.url}.`);
    const browser = await launchBrowser();
    try {
      const summary = await runDemo({ stack, browser, terminal, out });
      terminal.say('');
      for (const [name, value] of summary) terminal.say(`  ${name.padEnd(18)} ${value}`);
      terminal.say(`  ${'results'.padEnd(18)} ${relative(process.cwd(), out)}`);
      terminal.say('');
    } finally {
      await browser.close();
    }
  } finally {
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

try {
  await main();
  process.exit(0);
} catch (thrown) {
  const error = toReckonError(thrown);
  terminal.endProgress();
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exit(1);
}
