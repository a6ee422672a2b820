import { unpackParts } from '@reckon/protocol/base/named-parts';
import type { Backend } from '@reckon/protocol/model/kernel-manifest';
import type { onnx } from 'onnx-proto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outputsAgree } from '../src/kernels/onnx/agreement.ts';
import { decodeNpy, encodeNpy } from '../src/tensor/npy.ts';
import { type DType, type Tensor, toNumbers } from '../src/tensor/tensor.ts';
import { floats, modelBytes, node, port } from '../testing/onnx-builder.ts';
import type { PageUnit } from './page-api.ts';
import { openTab, type Tab } from './tab.ts';

/** Models in a guest's worker: on the GPU with its inputs and outputs kept there, and what it does without half precision. */

let tab: Tab;
beforeAll(async () => {
  tab = await openTab();
}, 120_000);
afterAll(() => tab?.close());

const tensor = (dtype: DType, shape: number[], data: ArrayBufferView): Tensor => ({
  dtype,
  shape,
  data: new Uint8Array(data.buffer as ArrayBuffer),
});
const float32 = (shape: number[], values: readonly number[]) => tensor('float32', shape, Float32Array.from(values));

interface Unit {
  model: Promise<Uint8Array>;
  tensors: Record<string, Tensor>;
  rows: number;
  outputs: string[];
  files?: Record<string, Uint8Array>;
  worker?: PageUnit['worker'];
}

async function run(backend: Backend, { model, tensors, rows, outputs, files = {}, worker = 'product' }: Unit) {
  const bytes = [
    ['model', await model] as const,
    ...Object.entries(tensors).map(([name, each]) => [name, encodeNpy(each)] as const),
    ...Object.entries(files),
  ];
  const blobs = Object.fromEntries(bytes.map(([name, each]) => [name, Buffer.from(each).toString('base64')]));
  const params = JSON.stringify({ rows, outputs: outputs.map((name) => ({ name })) });
  const output = await tab.run({ worker, kernel: 'onnx@1.1.0', params, blobs, backends: [backend] });
  if (!output.ok) throw new Error(`${output.code}: ${output.message}`);
  const parts = unpackParts(Uint8Array.from(Buffer.from(output.base64, 'base64')));
  const values = parts.map(({ name, bytes: npy }) => Array.from(toNumbers(decodeNpy(name, npy))));
  return { values, device: output.device, fellBack: output.fellBack };
}

const gpu = { device: expect.stringMatching(/^WebGPU · /), fellBack: undefined };

const scaled = (rows: number | string, weights: onnx.ITensorProto = floats('w', [2], [2, 3])) =>
  modelBytes({
    input: [port('x', [rows, 2])],
    output: [port('y', [rows, 2])],
    node: [node('Mul', ['x', 'w'], ['y'])],
    initializer: [weights],
  });

test('a model of one fixed row runs once for each row of a unit, several of them on their way back at once', async () => {
  const rows = 9;
  const x = float32(
    [rows, 2],
    Array.from({ length: 2 * rows }, (_, i) => i),
  );
  const { values, ...where } = await run('webgpu', { model: scaled(1), tensors: { x }, rows, outputs: ['y'] });
  expect(where).toEqual(gpu);
  expect(values).toEqual([Array.from({ length: 2 * rows }, (_, i) => i * (2 + (i % 2)))]);
});

const looked = modelBytes({
  input: [port('x', ['N', 2]), port('table', [2, 2])],
  output: [port('y', ['N', 2])],
  node: [node('MatMul', ['x', 'table'], ['y'])],
});
const look = (table: number[], x: number[], worker?: PageUnit['worker']) =>
  run('webgpu', {
    model: looked,
    tensors: { x: float32([1, 2], x), table: float32([2, 2], table) },
    rows: 1,
    outputs: ['y'],
    ...(worker && { worker }),
  });

test('an input that all units share stays on the GPU, and another one takes its place', async () => {
  expect(await look([1, 2, 3, 4], [1, 1])).toEqual({ ...gpu, values: [[4, 6]] });
  expect(await look([1, 2, 3, 4], [1, 0])).toEqual({ ...gpu, values: [[1, 2]] });
  expect(await look([5, 6, 7, 8], [1, 0])).toEqual({ ...gpu, values: [[5, 6]] });
  expect(await look([1, 2, 3, 4], [0, 1])).toEqual({ ...gpu, values: [[3, 4]] });
});

test('what was on a lost GPU is uploaded again to the next', async () => {
  const worker = 'losing-gpu-once-a';
  const lost = await look([1, 2, 3, 4], [1, 1], worker);
  expect(lost).toMatchObject({ values: [[4, 6]], device: 'WASM SIMD', fellBack: expect.stringMatching(/was lost/) });
  expect(await look([1, 2, 3, 4], [1, 1], worker)).toEqual({ ...gpu, values: [[4, 6]] });
  expect(await look([1, 2, 3, 4], [2, 1], worker)).toEqual({ ...gpu, values: [[5, 8]] });
});

test('outputs of types that a GPU buffer does not hold come with those that it does', async () => {
  const model = modelBytes({
    input: [port('x', ['N', 3])],
    output: [port('y', ['N', 3]), port('best', ['N'], 7), port('large', ['N', 3], 9), port('small', ['N', 3], 3)],
    node: [
      node('Relu', ['x'], ['y']),
      node('ArgMax', ['x'], ['best'], { axis: 1, keepdims: 0 }),
      node('Greater', ['x', 'two'], ['large']),
      node('Cast', ['x'], ['small'], { to: 3 }),
    ],
    initializer: [floats('two', [1], [2])],
  });
  const x = float32([2, 3], [-1, 5, 2, 4, 0, 3]);
  const outputs = ['y', 'best', 'large', 'small'];
  const { values, ...where } = await run('webgpu', { model, tensors: { x }, rows: 2, outputs });
  expect(where).toEqual(gpu);
  expect(values).toEqual([
    [0, 5, 2, 4, 0, 3],
    [1, 0],
    [0, 1, 0, 1, 0, 1],
    [-1, 5, 2, 4, 0, 3],
  ]);
});

test('a model of float16 on a GPU without it runs on WASM and says why', async () => {
  const half = (name: string, values: number[]): onnx.ITensorProto => ({
    name,
    dims: [values.length],
    dataType: 10,
    rawData: new Uint8Array(Float16Array.from(values).buffer),
  });
  const model = modelBytes({
    input: [port('x', ['N', 2], 10)],
    output: [port('y', ['N', 2], 10)],
    node: [node('Mul', ['x', 'w'], ['y'])],
    initializer: [half('w', [2, 0.5])],
  });
  const x = tensor('float16', [1, 2], Float16Array.of(1.5, -3));
  expect(await run('webgpu', { model, tensors: { x }, rows: 1, outputs: ['y'] })).toEqual({
    values: [[3, -1.5]],
    device: 'WASM SIMD',
    fellBack: expect.stringMatching(/shader-f16/),
  });
});

test.each<Backend>(['wasm', 'webgpu'])('weights in another file reach the engine on %s', async (backend) => {
  const weights: onnx.ITensorProto = {
    name: 'w',
    dims: [2],
    dataType: 1,
    dataLocation: 1,
    externalData: [
      { key: 'location', value: 'data/w.bin' },
      { key: 'offset', value: '4' },
      { key: 'length', value: '8' },
    ],
  };
  const files = { 'data/w.bin': new Uint8Array(Float32Array.of(9, 5, 7).buffer) };
  const tensors = { x: float32([2, 2], [1, 1, 2, 3]) };
  const { values } = await run(backend, { model: scaled('N', weights), tensors, rows: 2, outputs: ['y'], files });
  expect(values).toEqual([[5, 7, 10, 21]]);
});

test.each([1, 8])('what both backends make of %d rows agrees, however small the numbers are', async (rows) => {
  const wave = (name: string, dims: [number, number], scale: number) => {
    const size = dims[0] * dims[1];
    return floats(
      name,
      dims,
      Array.from({ length: size }, (_, i) => scale * Math.sin(1 + 12.9898 * i)),
    );
  };
  const model = modelBytes({
    input: [port('x', ['N', 64])],
    output: [port('classes', ['N', 4000]), port('one', ['N', 1]), port('tiny', ['N', 256])],
    node: [
      node('MatMul', ['x', 'first'], ['sums']),
      node('Tanh', ['sums'], ['inner']),
      node('MatMul', ['inner', 'second'], ['scores']),
      node('Softmax', ['scores'], ['classes'], { axis: 1 }),
      node('MatMul', ['inner', 'third'], ['one']),
      node('Mul', ['inner', 'little'], ['tiny']),
    ],
    initializer: [
      wave('first', [64, 256], 0.3),
      wave('second', [256, 4000], 0.1),
      wave('third', [256, 1], 1),
      floats('little', [1], [1e-9]),
    ],
  });
  const x = float32(
    [rows, 64],
    Array.from({ length: 64 * rows }, (_, i) => Math.cos(78.233 * i)),
  );
  const unit = { model, tensors: { x }, rows, outputs: ['classes', 'one', 'tiny'] };
  const [wasm, onGpu] = [await run('wasm', unit), await run('webgpu', unit)];
  expect(onGpu).toMatchObject(gpu);
  expect(onGpu.values).not.toEqual(wasm.values);
  for (const [i, values] of onGpu.values.entries()) {
    const right = wasm.values[i] as number[];
    expect(outputsAgree(float32([values.length], values), float32([right.length], right))).toBe(true);
    const zeros = right.map(() => 0);
    expect(outputsAgree(float32([right.length], zeros), float32([right.length], right))).toBe(false);
  }
});
