import { parseArgs } from 'node:util';
import type { InputFile } from '@reckon/kernels/kernel';
import { onnxRules } from '@reckon/kernels/kernels/onnx/rules';
import type { Command } from '../command.ts';
import { parsed, usage } from '../usage.ts';
import { limitOf, readInput, wholeOption } from './local-files.ts';
import { localReport } from './local-report.ts';
import { runUnits } from './run-units.ts';

export const onnxOptions = {
  input: { type: 'string', multiple: true },
  batch: { type: 'string' },
  seconds: { type: 'string' },
  out: { type: 'string' },
  check: { type: 'boolean' },
} as const;
const HOW = 'reckon kernel run <model.onnx> --input NAME=FILE.npy … [--batch N] [--seconds N] [--out DIR] [--check]';

/** `reckon kernel run <model.onnx>`: runs a model here, on WebAssembly, on rows of .npy tensors named like its inputs. */
export const runOnnx: Command = async (args, { terminal, signal }) => {
  const { values, positionals } = parsed('kernel run', () =>
    parseArgs({ args, options: onnxOptions, allowPositionals: true }),
  );
  const [model, ...more] = positionals;
  if (model === undefined || more.length > 0) return usage(`Give one model: ${HOW}`);
  const inputs = new Map<string, InputFile>([['model', await readInput(model)]]);
  for (const given of values.input ?? []) {
    const at = given.indexOf('=');
    if (at < 1) return usage(`--input takes a name and a file, as --input images=images.npy: ${given.slice(0, 60)}`);
    inputs.set(given.slice(0, at), await readInput(given.slice(at + 1)));
  }
  const check = values.check ?? false;
  const result = await runUnits({
    rules: onnxRules,
    inputs,
    params: values.batch === undefined ? {} : { batch: wholeOption('--batch', values.batch) },
    check,
    signal,
    ...limitOf(values.seconds),
    onProgress: (words) => terminal.progress(words),
    onTick: (words) => terminal.tick(words),
  });
  terminal.endProgress();
  return localReport(onnxRules.manifest, result, { inputs, out: values.out, check });
};
