import { ReckonError } from '@reckon/protocol/base/errors';
import type { onnx } from 'onnx-proto';
import type { DType } from '../../tensor/tensor.ts';
import { loadOnnxProto, toNumber } from './proto.ts';

/** One input or output of a model. */
export interface ModelPort {
  name: string;
  /** Undefined for a type no .npy of ours can hold, such as float16 or text. */
  dtype: DType | undefined;
  /** Sizes, with the symbol's name where the model leaves one open; undefined when the model does not say. */
  shape: readonly (number | string)[] | undefined;
}

/** What splitting needs to know of a model. */
export interface OnnxModel {
  inputs: readonly ModelPort[];
  outputs: readonly ModelPort[];
  /** Trained numbers in it. */
  weights: number;
}

/** TensorProto.DataType, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const TYPES: Readonly<Record<number, DType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  11: 'float64',
};
const EXTERNAL = 1;

/** Reads a model's inputs and outputs. @throws {ReckonError} MODEL_NOT_ONNX naming the file. */
export async function readModel(file: string, bytes: Uint8Array): Promise<OnnxModel> {
  const { ModelProto } = await loadOnnxProto();
  const fail = (cause: string) => new ReckonError('MODEL_NOT_ONNX', { file, cause: cause.replace(/\.$/, '') });
  let model: onnx.IModelProto;
  try {
    model = ModelProto.decode(bytes);
  } catch (error) {
    throw fail(`its bytes cannot be read (${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}).`);
  }
  const graph = model.graph;
  // Almost any bytes decode as some protobuf; these three every runnable model has.
  if (!graph?.node?.length || !graph.output?.length || !model.opsetImport?.length) {
    throw fail('it holds no graph with nodes, outputs and an operator set.');
  }
  const initializers = graph.initializer ?? [];
  if (initializers.some((tensor) => tensor.dataLocation === EXTERNAL)) {
    throw fail('its weights are in other files, so they are missing here.');
  }
  const constants = new Set(initializers.map((tensor) => tensor.name));
  const sizeOf = ({ dims }: onnx.ITensorProto) =>
    (dims ?? []).reduce<number>((product, size) => product * toNumber(size), 1);
  // Never more than the file could hold, whatever the dimensions claim: the cost of a unit is estimated from it.
  const weights = Math.min(
    bytes.length,
    initializers.reduce((sum, tensor) => sum + Math.max(0, sizeOf(tensor) || 0), 0),
  );
  // Up to IR version 3 a graph lists its weights among its inputs.
  const inputs = (graph.input ?? []).filter((port) => !constants.has(port.name)).map(toPort);
  if (inputs.length === 0) throw fail('it has no inputs.');
  return { inputs, outputs: graph.output.map(toPort), weights };
}

function toPort({ name, type }: onnx.IValueInfoProto): ModelPort {
  const tensor = type?.tensorType;
  const dims = tensor?.shape?.dim;
  return {
    name: name ?? '',
    dtype: TYPES[tensor?.elemType ?? 0],
    shape: dims?.map((dim) =>
      dim.dimParam || toNumber(dim.dimValue) <= 0 ? dim.dimParam || '?' : toNumber(dim.dimValue),
    ),
  };
}

/** `float32 [N, 1, 28, 28]`. */
export const describePort = ({ dtype, shape }: ModelPort): string =>
  `${dtype ?? 'an unsupported type'} ${shape === undefined ? 'of any shape' : `[${shape.join(', ')}]`}`;
