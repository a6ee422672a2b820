import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { onnxOptions, runOnnx } from '../local/onnx-command.ts';
import { runWasm, wasmOptions } from '../local/wasm-command.ts';
import { runWgsl, wgslOptions } from '../local/wgsl-command.ts';
import { usage } from '../usage.ts';

/** What runs a program, by the ending of its file. */
const RUNNERS: Readonly<Record<string, Command>> = { '.wasm': runWasm, '.wgsl': runWgsl, '.onnx': runOnnx };

const options = { ...wasmOptions, ...wgslOptions, ...onnxOptions };

/** `reckon kernel run <program>`: a requester's own program, run here as a volunteer's device would run it. */
export const kernel: Command = async (args, context) => {
  const [what, ...rest] = args;
  if (what !== 'run') return usage(`Say what to do with a kernel: reckon kernel run <program>`);
  // Which words are options' values is all that is asked here; the runner reads the options themselves.
  const { positionals } = parseArgs({ args: rest, options, allowPositionals: true, strict: false });
  const ending = extname(positionals[0] ?? '').toLowerCase();
  const runner = Object.hasOwn(RUNNERS, ending) ? RUNNERS[ending] : undefined;
  if (runner === undefined) {
    return usage(`Give a program, a file that ends in ${Object.keys(RUNNERS).join(', ')}: reckon kernel run <program>`);
  }
  return runner(rest, context);
};
