import type { onnx } from 'onnx-proto';
import { loadOnnxProto } from '../../kernels/onnx/proto.ts';
import { drawFloats } from '../draw.ts';

/** One weight of a model, drawn from its seed and scaled so that sums stay near 1. */
interface Weight {
  name: string;
  shape: readonly number[];
  seed: number;
}
interface Step {
  op: string;
  inputs: readonly string[];
  output: string;
  attribute?: onnx.IAttributeProto[];
}
interface SmallModel {
  input: readonly (number | string)[];
  output: readonly (number | string)[];
  weights: readonly Weight[];
  steps: readonly Step[];
}

const FLOAT = 1;
const INTS = 7;

/** Two dense layers with ReLU and a softmax: sums of products, and exp. */
const dense: SmallModel = {
  input: ['N', 48],
  output: ['N', 10],
  weights: [
    { name: 'w1', shape: [48, 64], seed: 1 },
    { name: 'b1', shape: [64], seed: 2 },
    { name: 'w2', shape: [64, 10], seed: 3 },
    { name: 'b2', shape: [10], seed: 4 },
  ],
  steps: [
    { op: 'Gemm', inputs: ['x', 'w1', 'b1'], output: 'h' },
    { op: 'Relu', inputs: ['h'], output: 'r' },
    { op: 'Gemm', inputs: ['r', 'w2', 'b2'], output: 's' },
    { op: 'Softmax', inputs: ['s'], output: 'y', attribute: [{ name: 'axis', type: 2, i: -1 }] },
  ],
};

/** A convolution with ReLU and pooling, then a dense layer. */
const convolution: SmallModel = {
  input: ['N', 1, 14, 14],
  output: ['N', 6],
  weights: [
    { name: 'k', shape: [4, 1, 3, 3], seed: 5 },
    { name: 'c', shape: [4], seed: 6 },
    { name: 'w', shape: [144, 6], seed: 7 },
    { name: 'b', shape: [6], seed: 8 },
  ],
  steps: [
    {
      op: 'Conv',
      inputs: ['x', 'k', 'c'],
      output: 'h',
      attribute: [{ name: 'kernel_shape', type: INTS, ints: [3, 3] }],
    },
    { op: 'Relu', inputs: ['h'], output: 'r' },
    {
      op: 'MaxPool',
      inputs: ['r'],
      output: 'p',
      attribute: [
        { name: 'kernel_shape', type: INTS, ints: [2, 2] },
        { name: 'strides', type: INTS, ints: [2, 2] },
      ],
    },
    { op: 'Flatten', inputs: ['p'], output: 'f' },
    { op: 'Gemm', inputs: ['f', 'w', 'b'], output: 'y' },
  ],
};

export const smallModels = { dense, convolution } as const;

/** The model as .onnx bytes. */
export async function encodeModel({ input, output, weights, steps }: SmallModel): Promise<Uint8Array> {
  const { ModelProto } = await loadOnnxProto();
  const port = (name: string, shape: readonly (number | string)[]) => ({
    name,
    type: {
      tensorType: {
        elemType: FLOAT,
        shape: { dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })) },
      },
    },
  });
  const model = ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'conformance',
      input: [port('x', input)],
      output: [port('y', output)],
      initializer: weights.map(({ name, shape, seed }) => {
        const data = drawFloats(
          seed,
          shape.reduce((product, size) => product * size, 1),
        ).map((value) => value / 4);
        return { name, dims: [...shape], dataType: FLOAT, rawData: new Uint8Array(data.buffer) };
      }),
      node: steps.map(({ op, inputs, output: to, attribute = [] }) => ({
        opType: op,
        input: [...inputs],
        output: [to],
        attribute,
      })),
    },
  });
  return Uint8Array.from(ModelProto.encode(model).finish());
}
