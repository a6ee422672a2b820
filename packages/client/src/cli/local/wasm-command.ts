import { parseArgs } from 'node:util';
import { customWasmRules } from '@reckon/kernels/kernels/custom-wasm/rules';
import type { InputFile } from '@reckon/kernels/kernel';
import type { Command } from '../command.ts';
import { parsed, usage } from '../usage.ts';
import { limitOf, readInput, wholeOption } from './local-files.ts';
import { localReport } from './local-report.ts';
import { runUnits } from './run-units.ts';

export const wasmOptions = {
  input: { type: 'string' },
  table: { type: 'string' },
  params: { type: 'string' },
  units: { type: 'string' },
  'per-unit': { type: 'string' },
  'record-bytes': { type: 'string' },
  'output-type': { type: 'string' },
  'output-columns': { type: 'string' },
  seconds: { type: 'string' },
  out: { type: 'string' },
  check: { type: 'boolean' },
} as const;
const HOW =
  'reckon kernel run <program.wasm> [--input FILE] [--table FILE] [--params JSON] [--units N] [--seconds N] [--out DIR] [--check]';

/** `reckon kernel run <program.wasm>`: runs a requester's module here, checked and rewritten as volunteers run it. */
export const runWasm: Command = async (args, { terminal, signal }) => {
  const { values, positionals } = parsed('kernel run', () =>
    parseArgs({ args, options: wasmOptions, allowPositionals: true }),
  );
  const [module, ...more] = positionals;
  if (module === undefined || more.length > 0) return usage(`Give one module: ${HOW}`);
  const inputs = new Map<string, InputFile>();
  for (const [name, path] of Object.entries({ module, data: values.input, table: values.table })) {
    if (path !== undefined) inputs.set(name, await readInput(path));
  }
  const numbers = {
    units: 'units',
    perUnit: 'per-unit',
    recordBytes: 'record-bytes',
    outputColumns: 'output-columns',
  } as const;
  const params: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(numbers)) {
    const text = values[option];
    if (text !== undefined) params[name] = wholeOption(`--${option}`, text);
  }
  if (values.params !== undefined) params['params'] = values.params;
  if (values['output-type'] !== undefined) params['outputType'] = values['output-type'];
  const check = values.check ?? false;
  const result = await runUnits({
    rules: customWasmRules,
    inputs,
    // Not cut but where it is said: who tries a program wants to see it run on all of the file.
    params: { ...(values.input !== undefined && { perUnit: 100_000_000 }), ...params },
    check,
    signal,
    ...limitOf(values.seconds),
    onProgress: (words) => terminal.progress(words),
    onTick: (words) => terminal.tick(words),
  });
  terminal.endProgress();
  return localReport(customWasmRules.manifest, result, { inputs, out: values.out, check });
};
