import { packParts, unpackParts } from '@reckon/protocol/base/named-parts';
import type { onnx } from 'onnx-proto';
import { expect, test } from 'vitest';
import { context } from '../../../testing/kernel-acceptance.ts';
import { modelBytes, node, port } from '../../../testing/onnx-builder.ts';
import type { InputFile, UnitInput } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { describeModel, readModel } from './model.ts';
import { decodeModel } from './decode.ts';
import { planRows, rowsPerRun } from './rows.ts';
import { onnxRules } from './rules.ts';
import { onnxKernel } from './run.ts';

const float32 = (shape: number[], values: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});
const float16 = (shape: number[], values: readonly number[]): Tensor => ({
  dtype: 'float16',
  shape,
  data: new Uint8Array(Float16Array.from(values).buffer),
});
const count = (length: number) => Array.from({ length }, (_, i) => i);

const filesOf = (model: Uint8Array, tensors: Record<string, Tensor>, others: Record<string, Uint8Array> = {}) =>
  new Map<string, InputFile>([
    ['model', { fileName: 'm.onnx', bytes: model }],
    ...Object.entries(tensors).map(
      ([name, tensor]) => [name, { fileName: `${name}.npy`, bytes: encodeNpy(tensor) }] as const,
    ),
    ...Object.entries(others).map(([name, bytes]) => [name, { fileName: name, bytes }] as const),
  ]);

async function unitsOf(files: ReadonlyMap<string, InputFile>, batch: number): Promise<UnitInput[]> {
  const plan = await onnxRules.split({ batch }, files);
  return plan.units.map(({ params, blobs }) => ({
    params,
    blobs: new Map([...plan.shared, ...blobs].map(({ name, bytes }) => [name, bytes])),
  }));
}

async function outputs(unit: UnitInput): Promise<number[][]> {
  const { bytes } = await onnxKernel.run(unit, context());
  expect(onnxRules.inspect(unit.params, bytes)).toBeUndefined();
  return unpackParts(bytes).map(({ name, bytes: npy }) => Array.from(toNumbers(decodeNpy(name, npy))));
}

/** Each row's sum over itself and the row's number within a run: it shows which rows were computed together. */
const sums = (rows: number | string) =>
  modelBytes(
    {
      input: [port('x', [rows, 2])],
      output: [port('y', [rows, 1])],
      node: [node('ReduceSum', ['x'], ['y'], { keepdims: 1, axes: [1] })],
    },
    12,
  );

test('a model of fixed rows runs several times in a unit, and its outputs come in order', async () => {
  const units = await unitsOf(filesOf(await sums(2), { x: float32([10, 2], count(20)) }), 6);
  expect(units.map(({ params }) => (JSON.parse(params) as { rows: number }).rows)).toEqual([6, 4]);
  expect(await outputs(units[0] as UnitInput)).toEqual([[1, 5, 9, 13, 17, 21]]);
  expect(await outputs(units[1] as UnitInput)).toEqual([[25, 29, 33, 37]]);
});

test('progress is told between the runs of a unit', async () => {
  const [unit] = await unitsOf(filesOf(await sums(1), { x: float32([5, 2], count(10)) }), 5);
  const seen: number[] = [];
  await onnxKernel.run(unit as UnitInput, context({ progress: (fraction) => seen.push(fraction) }));
  expect(seen).toHaveLength(7);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

test('an aborted unit stops between two runs', async () => {
  const [unit] = await unitsOf(filesOf(await sums(1), { x: float32([5, 2], count(10)) }), 5);
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('stop'));
  const run = onnxKernel.run(
    unit as UnitInput,
    context({ signal: controller.signal, progress: (f) => f > 0.3 && stop() }),
  );
  await expect(run).rejects.toThrow('stop');
});

test('rows of a wide model are cut into equal runs that memory is likely to hold', async () => {
  const wide = await modelBytes({
    input: [port('x', ['N', 3, 1024, 1024])],
    output: [port('y', ['N', 2])],
    node: [node('Relu', ['x'], ['inner']), node('GlobalAveragePool', ['inner'], ['y'])],
    valueInfo: [port('inner', ['N', 3, 1024, 1024])],
  });
  const model = await readModel('m', wide);
  const plan = planRows(model);
  // A row's input has 12 MiB, and 16 times that is likely to be needed: one row a run.
  expect(rowsPerRun(model, plan, 10)).toBe(1);
  const small = { ...model, rowBytes: 2 ** 25, widestRowBytes: 2 ** 24 };
  expect(rowsPerRun(small, plan, 10)).toBe(5);
  expect(rowsPerRun(small, plan, 10, 2 ** 26)).toBe(4);
  expect(rowsPerRun(small, { ...plan, fixed: 3 }, 9)).toBe(3);
});

test('a unit of other rows than its parameters say is refused', async () => {
  const [unit] = await unitsOf(filesOf(await sums('N'), { x: float32([4, 2], count(8)) }), 4);
  const params = (unit as UnitInput).params.replace('"rows":4', '"rows":3');
  await expect(onnxKernel.run({ ...(unit as UnitInput), params }, context())).rejects.toMatchObject({
    code: 'TENSOR_SHAPE',
  });
});

test('a model of float16 runs on WASM, within a half’s rounding of its values', async () => {
  const half = (name: string, dims: number[], values: number[]): onnx.ITensorProto => ({
    name,
    dims,
    dataType: 10,
    rawData: new Uint8Array(Float16Array.from(values).buffer),
  });
  const model = await modelBytes({
    input: [port('x', ['N', 2], 10)],
    output: [port('p', ['N', 2], 10)],
    node: [
      node('MatMul', ['x', 'w'], ['xw']),
      node('Add', ['xw', 'b'], ['s']),
      node('Relu', ['s'], ['r']),
      node('Softmax', ['r'], ['p'], { axis: 1 }),
    ],
    initializer: [half('w', [2, 2], [0.5, -1, 2, 0.25]), half('b', [2], [0.125, 1])],
  });
  const files = filesOf(model, { x: float16([2, 2], [1, 2, -3, 0.5]) });
  const plan = await onnxRules.split({ batch: 2 }, files);
  const [unit] = await unitsOf(files, 2);
  const { bytes } = await onnxKernel.run(unit as UnitInput, context());
  expect(onnxRules.inspect((unit as UnitInput).params, bytes)).toBeUndefined();
  const [got] = await outputs(unit as UnitInput);
  const softmax = (a: number, b: number) => [1 / (1 + Math.exp(b - a)), 1 / (1 + Math.exp(a - b))];
  const expected = [...softmax(4.625, 0.5), ...softmax(0, 4.125)];
  for (const [i, value] of expected.entries()) expect(got?.[i]).toBeCloseTo(value, 3);
  const csv = onnxRules.merge(plan.stageParams, [bytes]).find(({ name }) => name === 'predictions.csv');
  expect(Buffer.from(csv?.bytes as Uint8Array).toString()).toMatch(/^row,class,score\n0,0,0\.98\d*\n1,1,0\.98\d*\n$/);
});

test('halves agree within four of their steps, not within a float’s tolerance', async () => {
  const result = (value: number) => packParts([{ name: 'p', bytes: encodeNpy(float16([1, 1], [value])) }]);
  expect(onnxRules.agree(result(1), result(1 + 2 ** -8), '')).toBe(true);
  expect(onnxRules.agree(result(1), result(1.02), '')).toBe(false);
  expect(onnxRules.agree(result(1), result(Number.NaN), '')).toBe(false);
});

const weights = Uint8Array.from(new Uint8Array(Float32Array.of(9, 9, 2, 3).buffer));
const external = (entries: Record<string, string>, dims = [2]): onnx.ITensorProto => ({
  name: 'w',
  dims,
  dataType: 1,
  dataLocation: 1,
  externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
});
const scaled = (tensor: onnx.ITensorProto) =>
  modelBytes({
    input: [port('x', ['N', 2])],
    output: [port('y', ['N', 2])],
    node: [node('Mul', ['x', 'w'], ['y'])],
    initializer: [tensor],
  });
const place = { location: 'weights/w.bin', offset: '8', length: '8' };
const x = float32([2, 2], [1, 2, 3, 4]);

test('weights in another file are a shared blob, and are found by the name that the model gives it', async () => {
  const model = await scaled(external(place));
  const files = filesOf(model, { x }, { 'weights/w.bin': weights });
  const plan = await onnxRules.split({}, files);
  expect(plan.shared.map(({ name }) => name)).toEqual(['model', 'weights/w.bin']);
  const [unit] = await unitsOf(files, 2);
  expect(await outputs(unit as UnitInput)).toEqual([[2, 6, 6, 12]]);
  // Dropped on a page it comes without its folder.
  const alone = await onnxRules.split({}, filesOf(model, { x }, { 'w.bin': weights }));
  expect(alone.shared).toEqual(plan.shared);
  // Other weights are another model, though its own file is the same.
  const [other] = await unitsOf(filesOf(model, { x }, { 'weights/w.bin': new Uint8Array(16) }), 2);
  expect(await outputs(other as UnitInput)).toEqual([[0, 0, 0, 0]]);
  const dotted = await scaled(external({ ...place, location: './weights/w.bin' }));
  const [same] = await unitsOf(filesOf(dotted, { x }, { 'weights/w.bin': weights }), 2);
  expect(await outputs(same as UnitInput)).toEqual([[2, 6, 6, 12]]);
});

test.each<[string, Record<string, string>, Uint8Array | undefined, string, RegExp]>([
  [
    'that is not given',
    place,
    undefined,
    'MODEL_INPUT_MISMATCH',
    /"weights\/w\.bin" expected the file.*16 bytes, got nothing/,
  ],
  ['that is too short', place, new Uint8Array(15), 'MODEL_INPUT_MISMATCH', /at least 16 bytes, got 15 bytes/],
  ['above the model’s folder', { location: '../w.bin' }, weights, 'MODEL_NOT_ONNX', /"w" are in "\.\.\/w\.bin"/],
  ['by way of a folder above', { location: 'a/../../w.bin' }, weights, 'MODEL_NOT_ONNX', /no plain path/],
  ['by an absolute path', { location: '/etc/passwd' }, weights, 'MODEL_NOT_ONNX', /no plain path/],
  ['by a path of Windows', { location: 'c:\\w.bin' }, weights, 'MODEL_NOT_ONNX', /no plain path/],
  ['without a name', {}, weights, 'MODEL_NOT_ONNX', /no plain path/],
  ['named as the model', { location: 'model' }, undefined, 'MODEL_NOT_ONNX', /no plain path/],
  [
    'from an offset that is no number',
    { ...place, offset: '-8' },
    weights,
    'MODEL_NOT_ONNX',
    /the offset of its tensor "w" is "-8"/,
  ],
  [
    'of a length that does not fit its shape',
    { ...place, length: '4' },
    weights,
    'MODEL_NOT_ONNX',
    /needs 8 bytes, and its part of a file has 4/,
  ],
])('weights in a file %s are refused', async (_what, entries, bytes, code, message) => {
  const given: Record<string, Uint8Array> = bytes === undefined ? {} : { [entries['location'] ?? 'w.bin']: bytes };
  const model = await scaled(external(entries));
  const error = { code, message: expect.stringMatching(message) };
  await expect(onnxRules.split({}, filesOf(model, { x }, given))).rejects.toMatchObject(error);
  const blobs = new Map([['model', model], ['x', encodeNpy(x)], ...Object.entries(given)]);
  const params = '{"rows":2,"outputs":[{"name":"y"}]}';
  await expect(onnxKernel.run({ params, blobs }, context())).rejects.toMatchObject(error);
});

test('weights that a graph makes of constant shapes count for the price', async () => {
  const graph: onnx.IGraphProto = {
    input: [port('x', ['N', 4])],
    output: [port('y', ['N', 1000])],
    node: [node('ConstantOfShape', ['shape'], ['w']), node('MatMul', ['x', 'w'], ['y'])],
    initializer: [{ name: 'shape', dims: [2], dataType: 7, int64Data: [4, 1000] }],
  };
  const decoded = await decodeModel('m', await modelBytes(graph));
  expect(describeModel('m', decoded).weights).toBe(4002);
});
