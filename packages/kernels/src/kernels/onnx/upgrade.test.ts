import { unpackParts } from '@reckon/protocol/base/named-parts';
import type { onnx } from 'onnx-proto';
import { expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { floats, int64s, modelBytes, node, port } from '../../../testing/onnx-builder.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { onnxKernel } from './run.ts';

/** Runs a model of an old operator set over 0, 1, 2 … in the shape given. */
async function run(version: number, graph: onnx.IGraphProto, shape: readonly number[]): Promise<Tensor> {
  const count = shape.reduce((product, size) => product * size, 1);
  const x: Tensor = {
    dtype: 'float32',
    shape,
    data: new Uint8Array(Float32Array.from({ length: count }, (_, i) => i).buffer),
  };
  // Models of that time list their weights among their inputs.
  const weights = (graph.initializer ?? []).map(({ name, dims, dataType }) =>
    port(name ?? '', (dims ?? []).map(Number), dataType ?? 1),
  );
  const model = await modelBytes(
    { input: [port('x', ['N', ...shape.slice(1)]), ...weights], output: [port('y')], ...graph },
    version,
    3,
  );
  const params = JSON.stringify({ rows: shape[0], outputs: [{ name: 'y' }] });
  const blobs = new Map([
    ['model', model],
    ['x', encodeNpy(x)],
  ]);
  const { bytes } = await onnxKernel.run({ params, blobs }, context());
  return decodeNpy('y', unpackParts(bytes)[0]?.bytes as Uint8Array);
}

const numbers = async (version: number, graph: onnx.IGraphProto, shape: readonly number[]) =>
  Array.from(toNumbers(await run(version, graph, shape)));

test.each<[string, number, onnx.IGraphProto, readonly number[], number[]]>([
  [
    'Add along axis 1 of three',
    6,
    { node: [node('Add', ['x', 'b'], ['y'], { broadcast: 1, axis: 1 })], initializer: [floats('b', [2], [10, 20])] },
    [1, 2, 3],
    [10, 11, 12, 23, 24, 25],
  ],
  [
    'Mul along a negative axis, its inputs consumed',
    1,
    {
      node: [node('Mul', ['x', 'b'], ['y'], { broadcast: 1, axis: -2, consumed_inputs: [0, 0] })],
      initializer: [floats('b', [2], [1, 10])],
    },
    [1, 2, 2],
    [0, 1, 20, 30],
  ],
  [
    'Sub along the last dimensions, without an axis',
    6,
    { node: [node('Sub', ['x', 'b'], ['y'], { broadcast: 1 })], initializer: [floats('b', [2], [1, 1])] },
    [2, 2],
    [-1, 0, 1, 2],
  ],
  [
    'Add after operators whose outputs no line of the graph describes',
    6,
    {
      node: [
        node('Reshape', ['x', 'shape'], ['r']),
        node('Transpose', ['r'], ['t'], { perm: [0, 2, 1] }),
        node('Add', ['t', 'b'], ['y'], { broadcast: 1, axis: 1 }),
      ],
      initializer: [int64s('shape', [1, 2, 2]), floats('b', [2], [10, 20])],
    },
    [1, 4],
    [10, 12, 21, 23],
  ],
  [
    'PRelu with a slope for each channel',
    6,
    { node: [node('Neg', ['x'], ['n']), node('PRelu', ['n', 's'], ['y'])], initializer: [floats('s', [2], [2, 3])] },
    [1, 2, 2],
    [-0, -2, -6, -9],
  ],
  ['Dropout as in a test', 6, { node: [node('Dropout', ['x'], ['y'], { is_test: 1, ratio: 0.5 })] }, [1, 2], [0, 1]],
  [
    'BatchNormalization as in a test',
    5,
    {
      node: [
        node('BatchNormalization', ['x', 'one', 'zero', 'zero', 'four'], ['y'], {
          is_test: 1,
          epsilon: 1e-9,
          consumed_inputs: [0, 0, 0, 1, 1],
        }),
      ],
      initializer: [floats('one', [2], [1, 1]), floats('zero', [2], [0, 0]), floats('four', [2], [4, 1])],
    },
    [1, 2, 2],
    [0, 0.5, 2, 3],
  ],
  [
    'Gemm that broadcasts',
    6,
    {
      node: [node('Gemm', ['x', 'w', 'c'], ['y'], { broadcast: 1 })],
      initializer: [floats('w', [2, 1], [1, 10]), floats('c', [1], [5])],
    },
    [2, 2],
    [15, 37],
  ],
  [
    'Cast by the name of a type',
    1,
    { node: [node('Cast', ['x'], ['i'], { to: 'int32' }), node('Cast', ['i'], ['y'], { to: 'FLOAT' })] },
    [1, 2],
    [0, 1],
  ],
  [
    'Reshape by an attribute',
    1,
    { node: [node('Reshape', ['x'], ['y'], { shape: [0, -1] })] },
    [1, 2, 2],
    [0, 1, 2, 3],
  ],
  ['Concat without an axis', 1, { node: [node('Concat', ['x', 'x'], ['y'])] }, [2, 2], [0, 1, 0, 1, 2, 3, 2, 3]],
  ['Pad by its first name', 1, { node: [node('Pad', ['x'], ['y'], { paddings: [0, 1, 0, 0] })] }, [1, 2], [0, 0, 1]],
  [
    'Tile by a number along an axis',
    1,
    { node: [node('Tile', ['x', 'times', 'axis'], ['y'])], initializer: [int64s('times', [2]), int64s('axis', [1])] },
    [1, 2],
    [0, 1, 0, 1],
  ],
  [
    'Split by an input',
    1,
    { node: [node('Split', ['x', 'parts'], ['y', 'z'], { axis: 1 })], initializer: [int64s('parts', [1, 2])] },
    [1, 3],
    [0],
  ],
  [
    'Upsample by width and height',
    6,
    { node: [node('Upsample', ['x'], ['y'], { height_scale: 1.0000001, width_scale: 2.0000001, mode: 'nearest' })] },
    [1, 1, 1, 2],
    [0, 0, 1, 1],
  ],
])('%s means today what it meant then', async (_what, version, graph, shape, expected) => {
  const got = await numbers(version, graph, shape);
  expect(got).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 5);
});

test.each<[string, onnx.IGraphProto, RegExp]>([
  [
    'Dropout in training',
    { node: [node('Dropout', ['x'], ['y'], { is_test: 0 })] },
    /Dropout "y" drops values at random/,
  ],
  [
    'Add along an axis that is not there',
    { node: [node('Add', ['x', 'b'], ['y'], { broadcast: 1, axis: 2 })], initializer: [floats('b', [2], [1, 2])] },
    /Add "y" broadcasts 1 dimensions along axis 2 of 2/,
  ],
  [
    'Tile by what it reads',
    { node: [node('Tile', ['x', 'x', 'x'], ['y'])] },
    /Tile "y" repeats by what is no constant/,
  ],
  [
    'Cast to nothing',
    { node: [node('Cast', ['x'], ['y'], { to: 'quaternion' })] },
    /Cast "y" casts to the unknown type/,
  ],
])('%s is refused by the node’s name', async (_what, graph, message) => {
  await expect(run(5, graph, [1, 2])).rejects.toMatchObject({
    code: 'MODEL_NOT_ONNX',
    message: expect.stringMatching(message),
  });
});

test('a model of a newer set goes to the engine as it is', async () => {
  const graph = { node: [node('Relu', ['x'], ['y'])] };
  expect(await numbers(7, graph, [1, 3])).toEqual([0, 1, 2]);
  expect(await numbers(26, graph, [1, 3])).toEqual([0, 1, 2]);
});
