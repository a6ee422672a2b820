import { ReckonError } from '@reckon/protocol/base/errors';
import type { onnx } from 'onnx-proto';
import { tensorsOf } from './graph-check.ts';
import { modelError, shown } from './model-error.ts';
import { EXTERNAL, tensorBytes } from './tensor-sizes.ts';

/** A file beside the model that holds weights of it. */
export interface DataFile {
  /** As the model names it, without `./`: the name of the job's input and of the blob. */
  location: string;
  /** Bytes it must have at least. */
  minBytes: number;
}

/** One unit reads at most this many shared blobs besides the model, and inputs need some. */
const MAX_FILES = 8;
/** Longest name of a blob. */
const MAX_NAME = 100;

/**
 * The files that a model keeps weights in; https://github.com/onnx/onnx/blob/main/docs/ExternalData.md.
 * @throws {ReckonError} MODEL_NOT_ONNX naming the tensor, for places outside the model's folder and parts that make no sense.
 */
export function dataFiles(file: string, graph: onnx.IGraphProto): DataFile[] {
  const files = new Map<string, number>();
  for (const tensor of tensorsOf(graph)) {
    if (tensor.dataLocation !== EXTERNAL) continue;
    const location = readLocation(file, tensor);
    files.set(location, Math.max(files.get(location) ?? 0, endOf(file, tensor)));
  }
  if (files.size > MAX_FILES) {
    const advice = 'save them in one, with all_tensors_to_one_file=True';
    throw modelError(file, `its weights are in ${files.size} files, at most ${MAX_FILES} are taken: ${advice}.`);
  }
  return [...files].map(([location, minBytes]) => ({ location, minBytes }));
}

const entryOf = ({ externalData }: onnx.ITensorProto, key: string): string | undefined =>
  externalData?.find((entry) => entry.key === key)?.value ?? undefined;

function readLocation(file: string, tensor: onnx.ITensorProto): string {
  const location = entryOf(tensor, 'location')?.replace(/^(?:\.\/)+/, '') ?? '';
  // A plain path below the model's folder: nothing that any system reads as a way out of it.
  const parts = location.split('/');
  const plain =
    location.length <= MAX_NAME && parts.every((part) => /^[\w .+@()-]+$/.test(part) && !/^\.{1,2}$/.test(part));
  if (plain && location !== 'model') return location;
  throw modelError(
    file,
    `the weights of its tensor ${shown(tensor.name)} are in ${shown(location)}, which is no plain path below the model’s folder.`,
  );
}

/** Where a tensor's bytes end in its file. */
function endOf(file: string, tensor: onnx.ITensorProto): number {
  const number = (key: string): number | undefined => {
    const text = entryOf(tensor, key);
    if (text === undefined) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw modelError(file, `the ${key} of its tensor ${shown(tensor.name)} is ${shown(text)}, not a number of bytes.`);
  };
  const offset = number('offset') ?? 0;
  const needed = tensorBytes(file, tensor);
  const length = number('length') ?? needed ?? 0;
  if (needed !== undefined && length !== needed) {
    throw modelError(
      file,
      `its tensor ${shown(tensor.name)} needs ${needed} bytes, and its part of a file has ${length}.`,
    );
  }
  return offset + length;
}

/**
 * The bytes of each file, by its location.
 * @throws {ReckonError} MODEL_INPUT_MISMATCH naming the file that is missing or too short.
 */
export function requireData(
  files: readonly DataFile[],
  find: (location: string) => Uint8Array | undefined,
): Map<string, Uint8Array> {
  return new Map(
    files.map(({ location, minBytes }) => {
      const bytes = find(location);
      if (bytes !== undefined && bytes.length >= minBytes) return [location, bytes];
      throw new ReckonError('MODEL_INPUT_MISMATCH', {
        input: location,
        expected: `the file with the model’s weights, at least ${minBytes} bytes`,
        received: bytes === undefined ? 'nothing' : `${bytes.length} bytes`,
      });
    }),
  );
}
