import { loadOnnxProto } from '@reckon/kernels/kernels/onnx/proto';
import type { Network } from './network.ts';

/** The network as an ONNX model: input `images` float32 [N, 1, 28, 28] in 0..1, output `probabilities` float32 [N, 10]. */
export async function exportOnnx(network: Network): Promise<Uint8Array> {
  const onnx = await loadOnnxProto();
  const { FLOAT } = onnx.TensorProto.DataType;
  const { INT, INTS } = onnx.AttributeProto.AttributeType;
  const p = network.parameters;
  const floats = (name: string, dims: number[], value: Float32Array) => ({
    name,
    dims,
    dataType: FLOAT,
    rawData: new Uint8Array(value.slice().buffer),
  });
  const port = (name: string, dims: (string | number)[]) => ({
    name,
    type: {
      tensorType: {
        elemType: FLOAT,
        shape: { dim: dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d })) },
      },
    },
  });
  const ints = (name: string, values: number[]) => ({ name, type: INTS, ints: values });
  const int = (name: string, value: number) => ({ name, type: INT, i: value });
  const conv = [ints('kernel_shape', [3, 3]), ints('pads', [1, 1, 1, 1]), ints('strides', [1, 1])];
  const pool = [ints('kernel_shape', [2, 2]), ints('strides', [2, 2])];
  const node = (opType: string, input: string[], output: string, attribute: object[] = []) => ({
    opType,
    name: output,
    input,
    output: [output],
    attribute,
  });
  const model = onnx.ModelProto.create({
    irVersion: 8,
    producerName: 'reckon train-digits',
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'digits',
      input: [port('images', ['N', 1, 28, 28])],
      output: [port('probabilities', ['N', 10])],
      initializer: [
        floats('conv1.weight', [8, 1, 3, 3], p.conv1.value),
        floats('conv1.bias', [8], p.bias1.value),
        floats('conv2.weight', [16, 8, 3, 3], p.conv2.value),
        floats('conv2.bias', [16], p.bias2.value),
        floats('dense1.weight', [64, 784], p.dense1.value),
        floats('dense1.bias', [64], p.bias3.value),
        floats('dense2.weight', [10, 64], p.dense2.value),
        floats('dense2.bias', [10], p.bias4.value),
      ],
      node: [
        node('Conv', ['images', 'conv1.weight', 'conv1.bias'], 'conv1', conv),
        node('Relu', ['conv1'], 'relu1'),
        node('MaxPool', ['relu1'], 'pool1', pool),
        node('Conv', ['pool1', 'conv2.weight', 'conv2.bias'], 'conv2', conv),
        node('Relu', ['conv2'], 'relu2'),
        node('MaxPool', ['relu2'], 'pool2', pool),
        node('Flatten', ['pool2'], 'flat', [int('axis', 1)]),
        node('Gemm', ['flat', 'dense1.weight', 'dense1.bias'], 'dense1', [int('transB', 1)]),
        node('Relu', ['dense1'], 'relu3'),
        node('Gemm', ['relu3', 'dense2.weight', 'dense2.bias'], 'logits', [int('transB', 1)]),
        node('Softmax', ['logits'], 'probabilities', [int('axis', 1)]),
      ],
    },
  });
  return Uint8Array.from(onnx.ModelProto.encode(model).finish());
}
