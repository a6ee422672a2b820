// The `reckon` command, run by bin/reckon.mjs under a Node that reads TypeScript.
import { runCli } from './cli.ts';
import { processEnv } from './config.ts';

const interrupt = new AbortController();
let asked = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (asked) process.exit(130); // a second Ctrl-C does not wait
    asked = true;
    interrupt.abort();
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  env: processEnv,
  print: (text) => process.stdout.write(text),
  signal: interrupt.signal,
});
