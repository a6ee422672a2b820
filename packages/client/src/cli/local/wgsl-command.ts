import { parseArgs } from 'node:util';
import type { InputFile } from '@reckon/kernels/kernel';
import { customWgslManifest } from '@reckon/kernels/kernels/custom-wgsl/manifest';
import { decodeNpy } from '@reckon/kernels/tensor/npy';
import { describeTensor, toNumbers } from '@reckon/kernels/tensor/tensor';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import type { Command } from '../command.ts';
import { parsed, usage } from '../usage.ts';
import { readInput, wholeOption } from './local-files.ts';
import { localReport } from './local-report.ts';
import { runShader } from './run-shader.ts';

export const wgslOptions = {
  manifest: { type: 'string' },
  input: { type: 'string' },
  table: { type: 'string' },
  params: { type: 'string' },
  rows: { type: 'string' },
  units: { type: 'string' },
  out: { type: 'string' },
  check: { type: 'boolean' },
} as const;
const HOW =
  'reckon kernel run <shader.wgsl> --manifest FILE [--input FILE] [--table FILE] [--params JSON] [--rows N] [--units N] [--out DIR] [--check]';

/** `reckon kernel run <shader.wgsl>`: runs a requester's shader here, on this machine's GPU. */
export const runWgsl: Command = async (args, { terminal, signal }) => {
  const { values, positionals } = parsed(() => parseArgs({ args, options: wgslOptions, allowPositionals: true }));
  const [shader, ...more] = positionals;
  if (shader === undefined || more.length > 0) return usage(`Give one shader: ${HOW}`);
  const { manifest, input, table, params, rows, units, out, check = false } = values;
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
    onProgress: (words) => terminal.progress(words),
  });
  terminal.endProgress();
  const report = await localReport(customWgslManifest, result, { out, check });
  return { ...report, lines: [...report.lines, ...result.files.map(numbersLine)] };
};

/** `steps.npy: uint32 [2000]: 0, 1, 7, 2, 5, 8, 16, 3, …` */
function numbersLine({ name, bytes }: NamedPart): string {
  const tensor = decodeNpy(name, bytes);
  const numbers = toNumbers(tensor);
  const first = Array.from({ length: Math.min(8, numbers.length) }, (_, i) =>
    Number((numbers[i] as number).toPrecision(7)),
  );
  return `${name}: ${describeTensor(tensor)}: ${first.join(', ')}${numbers.length > 8 ? ', …' : ''}`;
}
