import type { onnx } from 'onnx-proto';
import { loadOnnxProto } from '../src/kernels/onnx/proto.ts';

type Value = number | number[] | string | onnx.ITensorProto;

/** A node by its operator, inputs, outputs and attributes; whole numbers are ints, others floats. */
export function node(
  opType: string,
  input: string[],
  output: string[],
  attributes: Record<string, Value> = {},
): onnx.INodeProto {
  return {
    opType,
    input,
    output,
    attribute: Object.entries(attributes).map(([name, value]) => toAttribute(name, value)),
  };
}

function toAttribute(name: string, value: Value): onnx.IAttributeProto {
  if (typeof value === 'number')
    return Number.isInteger(value) ? { name, type: 2, i: value } : { name, type: 1, f: value };
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  if (Array.isArray(value)) return { name, type: 7, ints: value };
  return { name, type: 4, t: value };
}

/** An input or output: its sizes, a text where open, and element type (TensorProto.DataType). */
export const port = (name: string, dims?: readonly (number | string)[], elemType = 1): onnx.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType,
      ...(dims && { shape: { dim: dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d })) } }),
    },
  },
});

export const floats = (name: string, dims: number[], values: readonly number[]): onnx.ITensorProto => ({
  name,
  dims,
  dataType: 1,
  floatData: [...values],
});

export const int64s = (name: string, values: readonly number[]): onnx.ITensorProto => ({
  name,
  dims: [values.length],
  dataType: 7,
  int64Data: [...values],
});

/** The bytes of a model of one graph. */
export async function modelBytes(graph: onnx.IGraphProto, version = 17, irVersion = 8): Promise<Uint8Array> {
  const { ModelProto } = await loadOnnxProto();
  const model = ModelProto.create({
    irVersion,
    opsetImport: [{ domain: '', version }],
    graph: { name: 'g', ...graph },
  });
  return Uint8Array.from(ModelProto.encode(model).finish());
}
