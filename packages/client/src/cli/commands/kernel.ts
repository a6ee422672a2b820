import { extname } from 'node:path';
import type { Command } from '../command.ts';
import { runOnnx } from '../local/onnx-command.ts';
import { runWasm } from '../local/wasm-command.ts';
import { runWgsl } from '../local/wgsl-command.ts';
import { usage } from '../usage.ts';

/** What runs a program, by the ending of its file. */
const RUNNERS: Readonly<Record<string, Command>> = { '.wasm': runWasm, '.wgsl': runWgsl, '.onnx': runOnnx };

/** `reckon kernel run <program>`: a requester's own program, run here as a volunteer's device would run it. */
export const kernel: Command = async (args, context) => {
  const [what, ...rest] = args;
  if (what !== 'run') return usage(`Say what to do with a kernel: reckon kernel run <program>`);
  const ending = rest.map((arg) => extname(arg).toLowerCase()).find((found) => Object.hasOwn(RUNNERS, found));
  const runner = ending === undefined ? undefined : RUNNERS[ending];
  if (runner === undefined) {
    return usage(`Give a program, a file that ends in ${Object.keys(RUNNERS).join(', ')}: reckon kernel run <program>`);
  }
  return runner(rest, context);
};
