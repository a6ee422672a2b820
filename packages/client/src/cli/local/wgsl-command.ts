import { parseArgs } from 'node:util';
import type { InputFile } from '@reckon/kernels/kernel';
import { customWgslManifest } from '@reckon/kernels/kernels/custom-wgsl/manifest';
import type { Command } from '../command.ts';
import { parsed, usage } from '../usage.ts';
import { limitOf, readInput, wholeOption } from './local-files.ts';
import { localReport } from './local-report.ts';
import { runShader } from './run-shader.ts';

export const wgslOptions = {
  manifest: { type: 'string' },
  input: { type: 'string' },
  table: { type: 'string' },
  params: { type: 'string' },
  rows: { type: 'string' },
  units: { type: 'string' },
  seconds: { type: 'string' },
  out: { type: 'string' },
  check: { type: 'boolean' },
} as const;
const HOW =
  'reckon kernel run <shader.wgsl> --manifest FILE [--input FILE] [--table FILE] [--params JSON] [--rows N] [--units N] [--seconds N] [--out DIR] [--check]';

/** `reckon kernel run <shader.wgsl>`: runs a requester's shader here, on this machine's GPU. */
export const runWgsl: Command = async (args, { terminal, signal }) => {
  const { values, positionals } = parsed('kernel run', () =>
    parseArgs({ args, options: wgslOptions, allowPositionals: true }),
  );
  const [shader, ...more] = positionals;
  if (shader === undefined || more.length > 0) return usage(`Give one shader: ${HOW}`);
  const { manifest, input, table, params, rows, units, seconds, out, check = false } = values;
  if (manifest === undefined) return usage(`Say what its bindings hold: ${HOW}`);
  const inputs = new Map<string, InputFile>();
  for (const [name, path] of Object.entries({ shader, manifest, data: input, table })) {
    if (path !== undefined) inputs.set(name, await readInput(path));
  }
  const result = await runShader({
    inputs,
    params: {
      ...(params !== undefined && { params }),
      ...(rows !== undefined && { rows: wholeOption('--rows', rows) }),
      ...(units !== undefined && { units: wholeOption('--units', units) }),
    },
    check,
    signal,
    ...limitOf(seconds),
    onProgress: (words) => terminal.progress(words),
    onTick: (words) => terminal.tick(words),
  });
  terminal.endProgress();
  return localReport(customWgslManifest, result, { inputs, out, check });
};
