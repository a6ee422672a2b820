import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { InputFile } from '@reckon/kernels/kernel';
import { customWgslManifest } from '@reckon/kernels/kernels/custom-wgsl/manifest';
import { decodeNpy } from '@reckon/kernels/tensor/npy';
import { describeTensor, toNumbers } from '@reckon/kernels/tensor/tensor';
import type { NamedPart } from '@reckon/protocol/base/named-parts';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { Command } from '../command.ts';
import { parsed, usage } from '../usage.ts';
import { runShader } from './run-shader.ts';

const options = {
  manifest: { type: 'string' },
  input: { type: 'string' },
  table: { type: 'string' },
  params: { type: 'string' },
  rows: { type: 'string' },
  units: { type: 'string' },
  out: { type: 'string' },
} as const;
const HOW = 'reckon kernel run <shader.wgsl> --manifest FILE [--input FILE] [--table FILE] [--params JSON] [--out DIR]';

/** `reckon kernel run <shader.wgsl>`: runs a requester's shader here, on this machine's GPU. */
export const runWgsl: Command = async (args, { terminal, signal }) => {
  const { values, positionals } = parsed(() => parseArgs({ args, options, allowPositionals: true }));
  const [shader, ...more] = positionals;
  if (shader === undefined || more.length > 0) return usage(`Give one shader: ${HOW}`);
  const { manifest, input, table, params, rows, units, out } = values;
  if (manifest === undefined) return usage(`Say what its bindings hold: ${HOW}`);
  const paths = { shader, manifest, data: input, table };
  const inputs = new Map<string, InputFile>();
  for (const [name, path] of Object.entries(paths)) if (path !== undefined) inputs.set(name, await read(path));
  const result = await runShader({
    inputs,
    params: {
      ...(params !== undefined && { params }),
      ...(rows !== undefined && { rows: whole('--rows', rows) }),
      ...(units !== undefined && { units: whole('--units', units) }),
    },
    signal,
    onProgress: (done, of) => terminal.progress(`unit ${done + 1} of ${of}`),
  });
  terminal.endProgress();
  if (out !== undefined) await save(out, result.files);
  const ms = Math.round(result.computeMs);
  return {
    json: {
      kernel: kernelName(customWgslManifest),
      device: result.device,
      units: result.units,
      computeMs: ms,
      out: out ?? null,
      files: result.files.map(({ name, bytes }) => ({ name, tensor: describeTensor(decodeNpy(name, bytes)) })),
    },
    lines: [
      `${result.units} units on ${result.device}, ${ms} ms in the kernel.`,
      ...result.files.map(fileLine),
      ...(out === undefined ? [] : [`Written to ${out}.`]),
    ],
  };
};

/** `steps.npy: uint32 [100]: 0, 1, 7, 2, 5, 8, …` */
function fileLine({ name, bytes }: NamedPart): string {
  const tensor = decodeNpy(name, bytes);
  const numbers = toNumbers(tensor);
  const first = Array.from({ length: Math.min(8, numbers.length) }, (_, i) =>
    Number((numbers[i] as number).toPrecision(7)),
  );
  return `${name}: ${describeTensor(tensor)}: ${first.join(', ')}${numbers.length > 8 ? ', …' : ''}`;
}

async function read(path: string): Promise<InputFile> {
  try {
    return { fileName: basename(path), bytes: new Uint8Array(await readFile(path)) };
  } catch (error) {
    return usage(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const whole = (option: string, text: string): number =>
  /^\d{1,9}$/.test(text) ? Number(text) : usage(`${option} should be a whole number, not ${text.slice(0, 40)}`);

async function save(folder: string, files: readonly NamedPart[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
}
