import type { onnx } from 'onnx-proto';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { floats, int64s, modelBytes, node, port } from '../../../testing/onnx-builder.ts';
import { createPool, type PoolUnit } from '../../engine/pool.ts';
import { spawnNodeWorker } from '../../engine/worker-node.ts';
import { encodeNpy } from '../../tensor/npy.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { onnxManifest } from './manifest.ts';
import { readModel } from './model.ts';
import { onnxRules } from './rules.ts';
import { onnxKernel } from './run.ts';

/** Models that strangers might send, refused before anything is paid and again where they would run. */

const x: Tensor = { dtype: 'float32', shape: [1, 2], data: new Uint8Array(8) };
const params = '{"rows":1,"outputs":[{"name":"y"}]}';
const base: onnx.IGraphProto = {
  input: [port('x', ['N', 2])],
  output: [port('y', ['N', 2])],
  node: [node('Relu', ['x'], ['y'])],
};
const half = (dims: number[], bytes: number): onnx.ITensorProto => ({
  name: 'h',
  dims,
  dataType: 10,
  rawData: new Uint8Array(bytes),
});
/** A branch within a branch, so deep. */
const nested = (depth: number): onnx.IGraphProto =>
  depth === 0
    ? base
    : {
        ...base,
        node: [{ ...node('If', ['x'], ['y']), attribute: [{ name: 'then_branch', type: 5, g: nested(depth - 1) }] }],
      };

test.each<[string, onnx.IGraphProto, number, RegExp]>([
  [
    'a circle',
    { ...base, node: [node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Relu', ['b'], ['y'])] },
    17,
    /Add "a" waits for its own output: the graph goes in a circle/,
  ],
  [
    'a node that reads itself',
    { ...base, node: [node('Add', ['x', 'y'], ['y'])] },
    17,
    /Add "y" waits for its own output/,
  ],
  [
    'an input from nowhere',
    { ...base, node: [node('Add', ['x', 'w'], ['y'])] },
    17,
    /Add "y" reads "w", which nothing gives/,
  ],
  ['an output from nowhere', { ...base, output: [port('z', ['N', 2])] }, 17, /nothing gives its output "z"/],
  [
    'two nodes with one output',
    { ...base, node: [...(base.node ?? []), node('Neg', ['x'], ['y'])] },
    17,
    /"y" in its graph is given twice/,
  ],
  [
    'an operator set of the future',
    base,
    99,
    /its operator set is 99, and those from 1 to 26 can be run\. Export it with operator set 26 or lower/,
  ],
  ['no operator set', base, 0, /its operator set is 0/],
  [
    'weights beyond the file',
    { ...base, initializer: [floats('w', [2 ** 40, 2 ** 40], [1])] },
    17,
    /"w" of shape \[1099511627776, 1099511627776\] needs/,
  ],
  [
    'weights a little beyond the file',
    { ...base, initializer: [floats('w', [3], [1, 2])] },
    17,
    /"w" of shape \[3\] needs 12 bytes, and holds 2 numbers/,
  ],
  ['weights of negative size', { ...base, initializer: [floats('w', [-4], [])] }, 17, /"w" has the shape \[-4\]/],
  [
    'a half of odd length',
    { ...base, initializer: [half([2], 3)] },
    17,
    /"h" of shape \[2\] needs 4 bytes, and holds 3 bytes/,
  ],
  [
    'a constant beyond the file',
    { ...base, node: [node('Constant', [], ['c'], { value: floats('c', [9], [1]) }), node('Add', ['x', 'c'], ['y'])] },
    17,
    /"c" of shape \[9\] needs 36 bytes/,
  ],
  ['graphs in graphs without end', nested(40), 17, /graphs lie more than 16 deep/],
])('%s is refused by name, by the rules and by a run', async (_what, graph, version, message) => {
  const model = await modelBytes(graph, version);
  const error = { code: 'MODEL_NOT_ONNX', message: expect.stringMatching(message) };
  const inputs = new Map([
    ['model', { fileName: 'm.onnx', bytes: model }],
    ['x', { fileName: 'x.npy', bytes: encodeNpy(x) }],
  ]);
  await expect(onnxRules.split({}, inputs)).rejects.toMatchObject(error);
  const blobs = new Map([
    ['model', model],
    ['x', encodeNpy(x)],
  ]);
  await expect(onnxKernel.run({ params, blobs }, context())).rejects.toMatchObject(error);
});

test('nodes in another order than they run in are no circle', async () => {
  const model = await modelBytes({ ...base, node: [node('Relu', ['a'], ['y']), node('Neg', ['x'], ['a'])] });
  const inputs = new Map([
    ['model', { fileName: 'm.onnx', bytes: model }],
    ['x', { fileName: 'x.npy', bytes: encodeNpy(x) }],
  ]);
  expect((await onnxRules.split({}, inputs)).units).toHaveLength(1);
});

const pool = createPool({ spawn: spawnNodeWorker({ limitBytes: 2 ** 30 }), size: 1 });
afterAll(() => pool.close());
const inPool = (model: Uint8Array, npy = encodeNpy(x)) => {
  const blobs = new Map([
    ['model', model.slice()],
    ['x', npy],
  ]);
  const unit: PoolUnit = {
    kernel: 'onnx@1.1.0',
    digest: onnxManifest.digest,
    input: { params, blobs },
    backends: ['wasm'],
    dutyCycle: 1,
  };
  return pool.run(unit, { signal: new AbortController().signal });
};

test.each<[string, onnx.IGraphProto, RegExp]>([
  ['an operator that nobody knows', { ...base, node: [node('Frobnicate', ['x'], ['y'])] }, /KERNEL_THREW.*Frobnicate/],
  [
    'a graph that makes 16 TiB',
    {
      ...base,
      node: [
        node('ConstantOfShape', ['s'], ['c']),
        node('ReduceSum', ['c'], ['r'], { keepdims: 0 }),
        node('Add', ['x', 'r'], ['y']),
      ],
      initializer: [int64s('s', [2 ** 21, 2 ** 21])],
    },
    /KERNEL_(?:THREW|MEMORY)/,
  ],
  [
    'shapes that do not fit',
    { ...base, node: [node('MatMul', ['x', 'w'], ['y'])], initializer: [floats('w', [3, 1], [1, 2, 3])] },
    /KERNEL_THREW/,
  ],
])('%s fails with a code, and the next unit runs', async (_what, graph, message) => {
  const error: { code?: string; message?: string } = await inPool(await modelBytes(graph)).then(
    () => ({}),
    (thrown) => thrown,
  );
  expect(`${error.code} ${error.message}`).toMatch(message);
  expect((await inPool(await modelBytes(base))).device).toBe('WASM SIMD');
});

test('any damage to a model gives a result or a code', async () => {
  const good = await modelBytes({
    ...base,
    node: [node('MatMul', ['x', 'w'], ['m']), node('Add', ['m', 'b'], ['y'])],
    initializer: [floats('w', [2, 2], [1, 2, 3, 4]), floats('b', [2], [5, 6])],
  });
  const npy = encodeNpy(x);
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, value) => {
      const blobs = new Map([
        ['model', good.with(at, value)],
        ['x', npy],
      ]);
      const error: { code?: string } = await onnxKernel.run({ params, blobs }, context()).then(
        () => ({ code: 'MODEL_IS_GOOD' }),
        (thrown) => thrown,
      );
      expect(error.code).toMatch(/^(?:MODEL|KERNEL|TENSOR)_/);
    }),
    { numRuns: 150 },
  );
});

test('more values than a call takes arguments are read', async () => {
  const relu = [node('Relu', ['x'], ['y'])];
  const valueInfo = Array.from({ length: 130_000 }, (_, i) => port(`v${i}`, ['N', i === 777 ? 5 : 2]));
  const model = await modelBytes({
    input: [port('x', ['N', 2])],
    output: [port('y', ['N', 2])],
    node: relu,
    valueInfo,
  });
  expect(await readModel('m.onnx', model)).toMatchObject({ widestRowBytes: 20 });
});
