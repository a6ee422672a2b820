import type { ErrorCode } from '@reckon/protocol/base/error-codes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digitModel } from '../../../testing/digit-model.ts';
import { identityModel } from '../../../testing/small-models.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type DType, dtypeBytes, elementCount } from '../../tensor/tensor.ts';
import { readModel } from './model.ts';
import { onnxRules } from './rules.ts';

const npy = (shape: number[], dtype: DType = 'float32') =>
  encodeNpy({ dtype, shape, data: new Uint8Array(elementCount(shape) * dtypeBytes(dtype)) });

const split = async (model: Uint8Array, tensors: Record<string, Uint8Array>, params = {}) =>
  onnxRules.split(
    params,
    new Map(
      [['model', model] as const, ...Object.entries(tensors)].map(([name, bytes]) => [
        name,
        { fileName: `${name}.${name === 'model' ? 'onnx' : 'npy'}`, bytes },
      ]),
    ),
  );

const wide = identityModel([{ name: 'x', dims: ['N', 3] }]);

test.each<[string, () => Promise<unknown>, ErrorCode, RegExp]>([
  [
    'text for a model',
    () => split(Uint8Array.from(Buffer.from('hello, I am no model')), {}),
    'MODEL_NOT_ONNX',
    /model\.onnx/,
  ],
  ['nothing for a model', () => split(new Uint8Array(), {}), 'MODEL_NOT_ONNX', /no graph/],
  ['half a model', async () => split((await wide).slice(0, 20), { x: npy([2, 3]) }), 'MODEL_NOT_ONNX', /Export/],
  [
    'no tensor',
    async () => split(await wide, {}),
    'MODEL_INPUT_MISMATCH',
    /"x" expected.*float32 \[N, 3\], got nothing/,
  ],
  ['another name', async () => split(await wide, { y: npy([2, 3]) }), 'MODEL_INPUT_MISMATCH', /"x" .* got only y/],
  [
    'one tensor too many',
    async () => split(await wide, { x: npy([2, 3]), y: npy([2, 3]) }),
    'MODEL_INPUT_MISMATCH',
    /"y" expected one of the model's inputs: x/,
  ],
  [
    'a wrong shape',
    async () => split(await wide, { x: npy([2, 4]) }),
    'TENSOR_SHAPE',
    /"x" expected shape \[N, 3\], got \[2, 4\]/,
  ],
  ['too few dimensions', async () => split(await wide, { x: npy([6]) }), 'TENSOR_SHAPE', /got \[6\]/],
  ['no rows', async () => split(await wide, { x: npy([0, 3]) }), 'TENSOR_SHAPE', /at least one row/],
  [
    'a wrong type',
    async () => split(await wide, { x: npy([2, 3], 'float64') }),
    'TENSOR_TYPE',
    /"x" expected type float32, got float64/,
  ],
  ['no .npy', async () => split(await wide, { x: new Uint8Array(50) }), 'TENSOR_INVALID', /"x" is not a \.npy/],
  [
    'too many units',
    async () => split(await wide, { x: npy([5000, 3]) }, { batch: 1 }),
    'KERNEL_PARAMS_INVALID',
    /at most 4096 units/,
  ],
])('%s is refused with the right code', async (_what, act, code, message) => {
  const error: { code?: string; message?: string } = await act().then(
    () => ({}),
    (thrown) => thrown,
  );
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

test('a missing model is refused', async () => {
  await expect(onnxRules.split({}, new Map())).rejects.toMatchObject({ code: 'KERNEL_INPUT_MISSING' });
});

test('a unit of a model with a fixed first dimension has as many times these rows as the batch allows', async () => {
  const model = await identityModel([{ name: 'x', dims: [4, 3] }]);
  const rows = async (batch: number) =>
    (await split(model, { x: npy([20, 3]) }, { batch })).units.map(
      ({ blobs }) => decodeNpy('x', blobs[0]?.bytes as Uint8Array).shape[0],
    );
  expect(await rows(50)).toEqual([20]);
  expect(await rows(15)).toEqual([12, 8]);
  expect(await rows(1)).toEqual([4, 4, 4, 4, 4]);
  await expect(split(model, { x: npy([10, 3]) })).rejects.toMatchObject({ code: 'TENSOR_SHAPE' });
});

test('inputs of fixed shape beside open ones go whole to every unit', async () => {
  const model = await identityModel(
    [
      { name: 'x', dims: ['N', 3] },
      { name: 'table', dims: [5, 2] },
    ],
    [{ name: 'y', dims: ['N', 3] }],
  );
  const plan = await split(model, { x: npy([6, 3]), table: npy([5, 2]) }, { batch: 2 });
  expect(plan.shared.map(({ name }) => name)).toEqual(['model', 'table']);
  expect(plan.units.map(({ blobs }) => blobs.map(({ name }) => name))).toEqual([['x'], ['x'], ['x']]);
  await expect(split(model, { x: npy([6, 3]), table: npy([6, 2]) })).rejects.toMatchObject({ code: 'TENSOR_SHAPE' });
});

test('two open inputs must have the same rows', async () => {
  const model = await identityModel([
    { name: 'x', dims: ['N', 3] },
    { name: 'z', dims: ['N'], type: 7 },
  ]);
  expect((await split(model, { x: npy([4, 3]), z: npy([4], 'int64') })).units).toHaveLength(1);
  await expect(split(model, { x: npy([4, 3]), z: npy([3], 'int64') })).rejects.toMatchObject({ code: 'TENSOR_SHAPE' });
});

test('an output that is not cut by rows is refused', async () => {
  const model = await identityModel([{ name: 'x', dims: ['N', 3] }], [{ name: 'sum', dims: [1] }]);
  await expect(split(model, { x: npy([4, 3]) })).rejects.toMatchObject({ code: 'KERNEL_RESULT_INVALID' });
});

test('a batch whose result would be too large is refused before anything is paid', async () => {
  const model = await identityModel([{ name: 'x', dims: ['N', 3] }], [{ name: 'y', dims: ['N', 100_000] }]);
  await expect(split(model, { x: npy([50, 3]) })).rejects.toMatchObject({ code: 'KERNEL_RESULT_TOO_LARGE' });
  expect((await split(model, { x: npy([50, 3]) }, { batch: 40 })).units).toHaveLength(2);
});

test('a damaged model is read or refused with the code, never anything else', async () => {
  const good = digitModel();
  const begin = 600;
  await fc.assert(
    fc.asyncProperty(fc.nat(begin), fc.nat(255), fc.boolean(), async (at, value, cut) => {
      const bytes = cut ? good.slice(0, at) : good.with(at, value);
      const error: unknown = await readModel('digits.onnx', bytes).then(
        () => undefined,
        (thrown) => thrown,
      );
      if (error !== undefined) expect(error).toMatchObject({ code: 'MODEL_NOT_ONNX' });
    }),
    { numRuns: 200 },
  );
});
