import { ReckonError } from '@reckon/protocol/base/errors';
import { jsonFault } from '@reckon/protocol/base/json';
import { tryParse } from '@reckon/protocol/base/parse';
import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';
import * as v from 'valibot';
import type { InputFile } from './kernel.ts';

/** A whole number within bounds. */
export const whole = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min, `at least ${min}`), v.maxValue(max, `at most ${max}`));

/** A finite number within bounds. */
export const real = (min: number, max: number) =>
  v.pipe(v.number(), v.finite(), v.minValue(min, `at least ${min}`), v.maxValue(max, `at most ${max}`));

/** Parameters as the kernel's schema reads them. @throws {ReckonError} KERNEL_PARAMS_INVALID naming the parameter. */
export function parseParams<S extends v.GenericSchema>(
  manifest: KernelManifest,
  schema: S,
  params: unknown,
): v.InferOutput<S> {
  const parsed = tryParse(schema, params);
  if (parsed.ok) return parsed.value;
  throw new ReckonError('KERNEL_PARAMS_INVALID', { kernel: kernelName(manifest), ...parsed.failure });
}

/** The same for literal JSON text. */
export function parseParamsJson<S extends v.GenericSchema>(
  manifest: KernelManifest,
  schema: S,
  json: string,
): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ReckonError('KERNEL_PARAMS_INVALID', {
      kernel: kernelName(manifest),
      path: '(whole)',
      expected: 'JSON',
      received: jsonFault(error),
    });
  }
  return parseParams(manifest, schema, value);
}

/** Schema of the job's parameters as the manifest declares them, with its defaults. Only whole and real numbers so far. */
export function declaredNumber(manifest: KernelManifest, name: string) {
  const param = manifest.params.find((candidate) => candidate.name === name);
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = param ?? {};
  const schema = param?.kind === 'integer' ? whole(min, max) : real(min, max);
  return v.optional(schema as v.GenericSchema<number>, param?.default as number);
}

/** @throws {ReckonError} KERNEL_INPUT_MISSING */
export function requireInput(
  manifest: KernelManifest,
  inputs: ReadonlyMap<string, InputFile>,
  name: string,
): InputFile {
  const input = inputs.get(name);
  if (input === undefined) throw new ReckonError('KERNEL_INPUT_MISSING', { kernel: kernelName(manifest), input: name });
  return input;
}

/** @throws {ReckonError} KERNEL_INPUT_MISSING */
export function requireBlob(
  manifest: KernelManifest,
  blobs: ReadonlyMap<string, Uint8Array>,
  name: string,
): Uint8Array {
  const bytes = blobs.get(name);
  if (bytes === undefined) throw new ReckonError('KERNEL_INPUT_MISSING', { kernel: kernelName(manifest), input: name });
  return bytes;
}

/** Runs `check` and gives the refusal as text, for `inspect`, which must not throw on hostile bytes. */
export function reasonOf(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Reads `value` or undefined when it cannot be read, for `agree`, which must not throw either. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
