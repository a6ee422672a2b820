import { ReckonError } from '@reckon/protocol/base/errors';
import type { onnx } from 'onnx-proto';
import { elementCount, type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { loadOnnxProto, toNumber } from './proto.ts';
import { type Attributes, operators, type Values } from './reference-operators.ts';

/**
 * Runs a small float model node by node in f64, in plain TypeScript: what onnxruntime-web is compared with. It knows the
 * operators of small classifiers only, and is far too slow for work units.
 * @throws {ReckonError} MODEL_NOT_ONNX naming an operator it does not know.
 */
export async function onnxReference(
  model: Uint8Array,
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Map<string, Tensor>> {
  const { ModelProto } = await loadOnnxProto();
  const graph = ModelProto.decode(model).graph as onnx.IGraphProto;
  const values = new Map<string, Values>();
  for (const [name, tensor] of inputs)
    values.set(name, { shape: tensor.shape, data: Float64Array.from(toNumbers(tensor)) });
  for (const weight of graph.initializer ?? []) values.set(weight.name ?? '', readWeights(weight));
  for (const node of graph.node ?? []) {
    const operator = operators[node.opType ?? ''];
    if (operator === undefined) {
      throw new ReckonError('MODEL_NOT_ONNX', {
        file: 'The model',
        cause: `the reference has no operator ${node.opType}.`,
      });
    }
    const args = (node.input ?? []).map((name) => values.get(name) as Values);
    values.set(node.output?.[0] ?? '', operator(args, readAttributes(node)));
  }
  return new Map(
    (graph.output ?? []).map(({ name }) => {
      const { shape, data } = values.get(name ?? '') as Values;
      return [name ?? '', { dtype: 'float32', shape, data: new Uint8Array(Float32Array.from(data).buffer) }];
    }),
  );
}

function readWeights({ dims, rawData, floatData }: onnx.ITensorProto): Values {
  const shape = (dims ?? []).map(toNumber);
  // rawData is a view into the model at any offset; slicing aligns it.
  const data = rawData?.length ? new Float32Array(Uint8Array.from(rawData).buffer) : (floatData ?? []);
  return { shape, data: Float64Array.from({ length: elementCount(shape) }, (_, i) => data[i] ?? 0) };
}

function readAttributes(node: onnx.INodeProto): Attributes {
  const found = (name: string) => node.attribute?.find((attribute) => attribute.name === name);
  return {
    int: (name, fallback) => {
      const value = found(name)?.i;
      return value === undefined || value === null ? fallback : toNumber(value);
    },
    ints: (name, fallback) => found(name)?.ints?.map(toNumber) ?? fallback,
  };
}
