// npm run bench -- NAME [--json]: one benchmark, one JSON object on standard output; progress goes to standard error.
// `gpu --software` runs tiny sizes on a software device where there is no GPU; `kernels --quick` runs tiny sizes, few times.
import { parseArgs } from 'node:util';
import { kernels } from './kernels/kernels.ts';
import { loop } from './loop.ts';
import { describeMachine } from './machine.ts';

/** A benchmark's figures by name; it says on the way what it does. */
type Benchmark = (
  say: (line: string) => void,
  options: { software: boolean; quick: boolean },
) => Promise<Record<string, unknown>>;
const benchmarks: Readonly<Record<string, Benchmark>> = {
  loop,
  kernels,
  // What it loads needs a GPU's globals, and only it.
  gpu: async (...args) => (await import('./gpu/main.ts')).gpuBenchmark(...args),
};

const USAGE = `USAGE: npm run bench -- NAME [--json]

  loop      the whole network on this machine: units a second, relay time and memory for each node; a few minutes
  kernels   every kernel's products and overheads in one Chromium tab, beside jax-js and others; about 5 minutes
            (--quick: tiny sizes, few times, to see that it works)
  gpu       products on this machine's GPU, beside tfjs, onnxruntime-web and jax-js; a few minutes
            (--software: tiny sizes on a software device)

The figures are one JSON object on standard output, progress is on standard error. --json prints it on one line; for it
alone, without npm's own lines: npm run -s bench -- NAME --json
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'boolean' },
      software: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [name = '', ...more] = positionals;
  const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (benchmark === undefined || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const figures = await benchmark((line) => process.stderr.write(`${line}\n`), values);
  const report = { benchmark: name, ...figures, machine: await describeMachine(), date: new Date().toISOString() };
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${JSON.stringify(report, null, 2)}\n`);
  return 0;
}

process.exitCode = await main();
process.exit(); // what was started is closed; a socket of it must not keep the terminal waiting
