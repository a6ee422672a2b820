import type { onnx } from 'onnx-proto';
import { type DType, dtypeBytes, elementCount } from '../../tensor/tensor.ts';
import { type DecodedModel, decodeModel } from './decode.ts';
import { type DataFile, dataFiles } from './external-data.ts';
import { modelError } from './model-error.ts';
import { toNumber } from './proto.ts';
import { EXTERNAL, tensorCount, wholeNumbers } from './tensor-sizes.ts';

/** One input or output of a model. */
export interface ModelPort {
  name: string;
  /** Undefined for a type no .npy of ours can hold, such as text. */
  dtype: DType | undefined;
  /** Sizes, with the symbol's name where the model leaves one open; undefined when the model does not say. */
  shape: readonly (number | string)[] | undefined;
}

/** What splitting and running need to know of a model. */
export interface OnnxModel {
  inputs: readonly ModelPort[];
  outputs: readonly ModelPort[];
  /** Trained numbers in it and in its data files. */
  weights: number;
  /** Files beside it that hold weights. */
  files: readonly DataFile[];
  /** About how many bytes one row takes while it is computed; the sizes that the model tells of count, and 16 times its ports. */
  rowBytes: number;
  /** The most that one row of any value takes. */
  widestRowBytes: number;
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
  10: 'float16',
  11: 'float64',
  12: 'uint32',
};
/** Values between layers mostly outweigh inputs and outputs where a model does not tell their sizes. */
const PORT_FACTOR = 16;
/** Weights made in the graph count for the estimate of its cost up to here. */
const MOST_MADE = 2 ** 32;

/** Reads a model's inputs and outputs. @throws {ReckonError} MODEL_NOT_ONNX naming the file. */
export async function readModel(file: string, bytes: Uint8Array): Promise<OnnxModel> {
  return describeModel(file, await decodeModel(file, bytes));
}

/** @throws {ReckonError} MODEL_NOT_ONNX naming the file, as for a model without inputs. */
export function describeModel(file: string, { graph }: DecodedModel): OnnxModel {
  const initializers = graph.initializer ?? [];
  const constants = new Set(initializers.map((tensor) => tensor.name));
  // Up to IR version 3 a graph lists its weights among its inputs.
  const inputs = (graph.input ?? []).filter((port) => !constants.has(port.name)).map(toPort);
  if (inputs.length === 0) throw modelError(file, 'it has no inputs.');
  const outputs = (graph.output ?? []).map(toPort);
  const files = dataFiles(file, graph);
  const ports = [...inputs, ...outputs].map(rowBytes);
  const inner = (graph.valueInfo ?? []).map(toPort).map(rowBytes);
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    inputs,
    outputs,
    weights: countWeights(file, graph),
    files,
    rowBytes: Math.max(PORT_FACTOR * sum(ports), sum(ports) + sum(inner)),
    // Not spread into arguments: a stranger's list may be longer than a call's can be.
    widestRowBytes: [...ports, ...inner].reduce((most, size) => Math.max(most, size), 0),
  };
}

/** Numbers that nodes read as they are: initialisers, and what nodes make of constant shapes. */
function countWeights(file: string, graph: onnx.IGraphProto): number {
  const initializers = graph.initializer ?? [];
  const shapes = new Map(initializers.map((tensor) => [tensor.name ?? '', tensor]));
  const made = (graph.node ?? []).map(({ opType, input }) => {
    const shape = opType === 'ConstantOfShape' ? shapes.get(input?.[0] ?? '') : undefined;
    if (shape?.dataLocation === EXTERNAL) return 0;
    return shape === undefined ? 0 : Math.min(MOST_MADE, elementCount(wholeNumbers(shape)));
  });
  const held = initializers.map((tensor) => tensorCount(file, tensor));
  return Math.min(
    Number.MAX_SAFE_INTEGER,
    [...held, ...made].reduce((total, count) => total + Math.max(0, count), 0),
  );
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

/** Bytes of one row of a value; a dimension that the model leaves open counts as 1. */
export const rowBytes = ({ dtype, shape = [] }: ModelPort): number =>
  elementCount(shape.slice(1).map((size) => (typeof size === 'number' ? size : 1))) * dtypeBytes(dtype ?? 'uint8');

/** `float32 [N, 1, 28, 28]`. */
export const describePort = ({ dtype, shape }: ModelPort): string =>
  `${dtype ?? 'an unsupported type'} ${shape === undefined ? 'of any shape' : `[${shape.join(', ')}]`}`;
