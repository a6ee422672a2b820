import { ReckonError } from '@reckon/protocol/base/errors';
import { kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { Tensor as OrtTensor } from 'onnxruntime-web';
import type { RunContext } from '../../kernel.ts';
import { concatRows, DTYPES, dtypeBytes, elementCount, sliceRows, type Tensor } from '../../tensor/tensor.ts';
import { yieldToMessages } from '../../engine/yield.ts';
import { onnxManifest } from './manifest.ts';
import type { Prepared } from './prepare.ts';
import { rowsPerRun } from './rows.ts';
import { engineError, type Loaded } from './session.ts';
import { toTypedArray } from './typed-array.ts';

/** A unit's inputs: those cut by rows, and those that go whole to every run, with the digests of these. */
export interface Feeds {
  rows: ReadonlyMap<string, Tensor>;
  whole: ReadonlyMap<string, { tensor: Tensor; digest: string }>;
}

/**
 * Runs the model over a unit's rows, in as many runs as it takes, and puts the outputs together. On a GPU the results of a
 * run are read back while the next runs are computed.
 * @throws {ReckonError} KERNEL_THREW, KERNEL_MEMORY, KERNEL_RESULT_INVALID
 */
export async function infer(
  loaded: Loaded,
  { model, rows: plan }: Prepared,
  feeds: Feeds,
  total: number,
  names: readonly string[],
  context: RunContext,
): Promise<Map<string, Tensor>> {
  const { ort, session, device } = loaded;
  const each = rowsPerRun(model, plan, total, device?.widest);
  const toOrt = (tensor: Tensor) => new ort.Tensor(tensor.dtype, toTypedArray(tensor), tensor.shape);
  const whole = new Map<string, OrtTensor>();
  for (const [name, { tensor, digest }] of feeds.whole) {
    whole.set(name, device?.inputs.get(name, digest, tensor) ?? toOrt(tensor));
  }
  const runs: Reading[][] = [];
  for (let from = 0; from < total; from += each) {
    const to = Math.min(total, from + each);
    const inputs: Record<string, OrtTensor> = Object.fromEntries(whole);
    for (const [name, tensor] of feeds.rows) inputs[name] = toOrt(sliceRows(tensor, from, to));
    context.signal.throwIfAborted();
    const answer = await session.run(inputs, names).catch((error: unknown) => {
      throw engineError(error);
    });
    const outputs: Reading[] = [];
    for (const name of names) outputs.push(await startReading(loaded, name, answer[name]));
    runs.push(outputs);
    if (to < total) {
      context.progress(0.2 + (0.8 * to) / total);
      await yieldToMessages();
    }
  }
  const read = await Promise.all(runs.map((outputs) => Promise.all(outputs.map(async ({ tensor }) => tensor))));
  context.signal.throwIfAborted();
  return new Map(
    names.map((name, i) => [
      name,
      join(
        name,
        read.map((outputs) => outputs[i] as Tensor),
        total,
      ),
    ]),
  );
}

/** An output that is here, or on its way from a GPU. */
interface Reading {
  tensor: Tensor | Promise<Tensor>;
}

/** An output's bytes; its GPU buffer is given back to the engine once their copy is on its way. */
async function startReading({ device }: Loaded, name: string, value: OrtTensor | undefined): Promise<Reading> {
  const dtype = DTYPES.find((known) => known === value?.type);
  if (value === undefined || dtype === undefined) {
    throw invalid(`output "${name}" is ${value?.type ?? 'missing'}, which no .npy holds`);
  }
  const shape = value.dims;
  if (value.location !== 'gpu-buffer' || device === undefined) {
    const { buffer, byteOffset, byteLength } = value.data as Float32Array;
    return { tensor: { dtype, shape, data: new Uint8Array(buffer, byteOffset, byteLength) } };
  }
  const length = elementCount(shape) * dtypeBytes(dtype);
  const { bytes } = await device.readback.start(value.gpuBuffer, 0, Math.ceil(length / 4) * 4);
  value.dispose();
  const tensor = bytes.then((data) => ({ dtype, shape, data: data.subarray(0, length) }));
  // Whoever waits for all of them hears of a failure; until then it must not count as unhandled.
  tensor.catch(() => undefined);
  return { tensor };
}

/** Outputs of runs one after the other. */
function join(name: string, parts: readonly Tensor[], total: number): Tensor {
  const [first] = parts as [Tensor, ...Tensor[]];
  if (parts.length === 1) return first;
  const rows = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  const alike = parts.every(({ shape }) => `${shape.slice(1)}` === `${first.shape.slice(1)}` && shape.length > 0);
  if (alike && rows === total) return concatRows(parts);
  throw invalid(`output "${name}" has ${rows} rows for the ${total} of the unit, or rows of several sizes`);
}

const invalid = (cause: string) =>
  new ReckonError('KERNEL_RESULT_INVALID', { kernel: kernelName(onnxManifest), cause });
