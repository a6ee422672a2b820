import { fromUtf8 } from '@reckon/protocol/base/bytes';
import { expect, test } from 'vitest';
import { everyFunction, everyFunctionModel } from '../../../testing/guest-programs.ts';
import { type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import type { InputFile } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { readUnit } from './params.ts';
import { customWasmRules } from './rules.ts';
import { customWasmKernel } from './run.ts';

const module = everyFunction();
const numbers = Float64Array.of(1, -2.5, Number.NaN, Number.POSITIVE_INFINITY, 0, 1e300, 7);
const bytesOf = (values: Float64Array) => new Uint8Array(values.buffer);
const file = (fileName: string, bytes: Uint8Array): InputFile => ({ fileName, bytes });
const inputs = (data: InputFile = file('x.bin', bytesOf(numbers))) =>
  new Map([
    ['module', file('m.wasm', module)],
    ['data', data],
    ['table', file('t.bin', bytesOf(Float64Array.of(0, 3)).slice(8))],
  ]);
const params = { recordBytes: 8, perUnit: 3, params: '{"é": [1, 2]}', seconds: 3 };

testKernel(
  'custom-wasm',
  (): KernelCase => ({
    rules: customWasmRules,
    kernel: customWasmKernel,
    params,
    inputs: inputs(),
    reference({ params: json, blobs }) {
      const unit = readUnit(json);
      const [data, table] = [blobs.get('data') as Uint8Array, blobs.get('table') as Uint8Array];
      return everyFunctionModel(unit.unit, unit.units, unit.params, data.slice(), table);
    },
    badParams: [
      { ...params, perUnit: 0 },
      { ...params, recordBytes: 5 },
      { ...params, recordBytes: 1.5 },
      { ...params, units: 2 },
      { ...params, params: '{' },
      { ...params, params: `"${'x'.repeat(1500)}"` },
      { ...params, params: '"\ud800"' },
      { ...params, seconds: 251 },
      { ...params, outputType: 'float128' },
      { ...params, outputColumns: 0 },
    ],
    badUnitParams: [
      '{"unit":0,"units":0,"outputRowBytes":1,"params":"{}"}',
      '{"unit":0,"units":1,"outputRowBytes":1,"params":"no"}',
      '{"unit":0,"units":1,"outputRowBytes":1,"params":"{}","dataBytes":0}',
    ],
  }),
);

test('a .npy file is cut by rows and given without its header', async () => {
  const npy = encodeNpy({ dtype: 'float64', shape: [7, 1], data: bytesOf(numbers) });
  const plan = await customWasmRules.split({ ...params, recordBytes: 1 }, inputs(file('x.npy', npy)));
  const binary = await customWasmRules.split(params, inputs());
  expect(plan).toEqual(binary);
  expect(plan.units.map(({ blobs }) => blobs[0]?.bytes.length)).toEqual([24, 24, 8]);
});

test('without data there are as many units as asked for, each with its number', async () => {
  const plan = await customWasmRules.split({ units: 3 }, new Map([['module', file('m.wasm', module)]]));
  expect(plan.units.map((unit) => readUnit(unit.params)).map(({ unit, units }) => [unit, units])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ]);
  expect(plan.shared.map(({ name }) => name)).toEqual(['module']);
});

const split = (params: Record<string, unknown>, changes: Record<string, InputFile>) =>
  customWasmRules.split(params, new Map([...inputs(), ...Object.entries(changes)]));
test.each([
  ['no module', () => customWasmRules.split({}, new Map()), 'KERNEL_INPUT_MISSING'],
  ['a module that is none', () => split(params, { module: file('m.wasm', new Uint8Array(9)) }), 'GUEST_MODULE_INVALID'],
  ['another input', () => split(params, { more: file('m.bin', new Uint8Array(9)) }), 'KERNEL_PARAMS_INVALID'],
  ['no data in the data', () => split(params, { data: file('x.bin', new Uint8Array()) }), 'KERNEL_PARAMS_INVALID'],
  ['text as .npy', () => split(params, { data: file('x.npy', module) }), 'TENSOR_INVALID'],
  [
    'a .npy without rows',
    () => split(params, { data: file('x.npy', encodeNpy({ dtype: 'int8', shape: [0], data: new Uint8Array() })) }),
    'TENSOR_SHAPE',
  ],
  [
    'too much in a unit',
    () => split({ perUnit: 40_000_000 }, { data: file('x.bin', new Uint8Array(33 * 2 ** 20)) }),
    'KERNEL_PARAMS_INVALID',
  ],
  [
    'too many units',
    () => split({ perUnit: 1 }, { data: file('x.bin', new Uint8Array(4097)) }),
    'KERNEL_PARAMS_INVALID',
  ],
  ['an empty table', () => split(params, { table: file('t.bin', new Uint8Array()) }), 'KERNEL_PARAMS_INVALID'],
  [
    'too large a table',
    () => split(params, { table: file('t.bin', new Uint8Array(33 * 2 ** 20)) }),
    'KERNEL_PARAMS_INVALID',
  ],
])('%s is refused before anything is signed', async (_what, act, code) => {
  await expect(async () => act()).rejects.toMatchObject({ code });
});

test('the relay admits what split makes, and refuses what it would not make', async () => {
  const { shared } = await customWasmRules.split(params, inputs());
  const blobs = new Map(shared.map(({ name, bytes }) => [name, bytes]));
  expect(customWasmRules.admit?.(blobs)).toBeUndefined();
  const admit = (changes: [string, Uint8Array][]) => () => customWasmRules.admit?.(new Map([...blobs, ...changes]));
  expect(admit([['module', module.slice(0, -1)]])).toThrow(expect.objectContaining({ code: 'GUEST_MODULE_INVALID' }));
  expect(admit([['more', module]])).toThrow(expect.objectContaining({ code: 'KERNEL_PARAMS_INVALID' }));
  expect(admit([['table', new Uint8Array(33 * 2 ** 20)]])).toThrow(
    expect.objectContaining({ code: 'KERNEL_PARAMS_INVALID' }),
  );
  expect(() => customWasmRules.admit?.(new Map())).toThrow(expect.objectContaining({ code: 'KERNEL_INPUT_MISSING' }));
});

const framed = (...bytes: number[]) => Uint8Array.of(bytes.length, 0, 0, 0, ...bytes);

test('outputs come one after the other, and outputs.json says where each begins and which is missing', () => {
  const stage = JSON.stringify({ units: 4, outputType: 'bytes', outputColumns: 1 });
  const [output, index] = customWasmRules.merge(stage, [framed(1, 2), undefined, framed(), framed(3)]);
  expect(output).toEqual({ name: 'output.bin', bytes: Uint8Array.of(1, 2, 3) });
  expect(JSON.parse(fromUtf8(index?.bytes as Uint8Array))).toEqual({
    file: 'output.bin',
    firstByte: 0,
    units: [
      { unit: 0, offset: 0, bytes: 2 },
      { unit: 2, offset: 2, bytes: 0 },
      { unit: 3, offset: 2, bytes: 1 },
    ],
    missing: [1],
  });
});

test('numbers are put together as a .npy file, and a result with half a row is refused', () => {
  const stage = JSON.stringify({ units: 2, outputType: 'uint16', outputColumns: 2 });
  const [npy] = customWasmRules.merge(stage, [framed(1, 0, 2, 0), framed(3, 0, 4, 1)]);
  expect(npy?.name).toBe('output.npy');
  const { shape, data } = decodeNpy('output', npy?.bytes as Uint8Array);
  expect(shape).toEqual([2, 2]);
  expect([...data]).toEqual([1, 0, 2, 0, 3, 0, 4, 1]);
  const unit = JSON.stringify({ unit: 0, units: 2, outputRowBytes: 4, params: '{}' });
  expect(customWasmRules.inspect(unit, framed(1, 2, 3, 4))).toBeUndefined();
  expect(customWasmRules.inspect(unit, framed(1, 2, 3))).toMatch(/rows of 4 bytes, got 3/);
});
