import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floats, productFiles, unitOf } from '../../../testing/f32-units.ts';
import { context, type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import { float32Matrix } from '../../../testing/matrices.ts';
import type { UnitInput } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { boundOf } from './bound.ts';
import { readLengths } from './lengths.ts';
import { readBlock } from './params.ts';
import { matmulF32Reference } from './reference.ts';
import { matmulF32Rules } from './rules.ts';
import { matmulF32Kernel } from './run.ts';

function referenceBytes({ blobs }: UnitInput): Uint8Array {
  const a = decodeNpy('a', blobs.get('a') as Uint8Array);
  const b = decodeNpy('b', blobs.get('b') as Uint8Array);
  const data = new Uint8Array(matmulF32Reference(a, b).buffer);
  return encodeNpy({ dtype: 'float32', shape: [a.shape[0] as number, b.shape[1] as number], data });
}

testKernel(
  'matmul-f32',
  (): KernelCase => ({
    rules: matmulF32Rules,
    kernel: matmulF32Kernel,
    params: { rows: 16 },
    inputs: productFiles(float32Matrix(37, 131, 1), float32Matrix(131, 45, 2)),
    reference: referenceBytes,
    badParams: [{ rows: 0 }, { rows: 4097 }, { rows: 1.5 }, { rows: '16' }],
    badUnitParams: [
      '{"rows":0,"inner":131,"columns":45,"rowLengths":"Es","columnLengths":"Es"}',
      '{"rows":16,"inner":131,"columns":45}',
      '{"rows":16,"inner":131,"columns":45,"rowLengths":"Es","columnLengths":""}',
      '{"rows":16,"inner":131,"columns":45,"rowLengths":"Es","columnLengths":"E"}',
      '{"rows":16,"inner":131,"columns":45,"rowLengths":"Es","columnLengths":"é!"}',
      '{"rows":2,"inner":131,"columns":45,"rowLengths":"EsEsEs","columnLengths":"Es"}',
      '{"rows":16,"inner":4097,"columns":45,"rowLengths":"Es","columnLengths":"Es"}',
    ],
  }),
);

test('any shape agrees with the reference, and lies within half the bound of the product in f64', async () => {
  const side = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(side, side, side, fc.nat(), async (m, k, n, seed) => {
      const [a, b] = [float32Matrix(m, k, seed), float32Matrix(k, n, seed + 1)];
      const input = await unitOf(a, b);
      const { bytes } = await matmulF32Kernel.run(input, context());
      expect(matmulF32Rules.inspect(input.params, bytes)).toBeUndefined();
      expect(matmulF32Rules.agree(bytes, referenceBytes(input), input.params)).toBe(true);
      const block = readBlock(input.params);
      const [rows, columns] = [readLengths(block.rowLengths), readLengths(block.columnLengths)];
      const [left, right, got] = [a, b, decodeNpy('c', bytes)].map(toNumbers) as [
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      for (let at = 0; at < m * n; at++) {
        const [i, j] = [Math.floor(at / n), at % n];
        let sum = 0;
        for (let p = 0; p < k; p++) sum += (left[i * k + p] as number) * (right[p * n + j] as number);
        const bound = boundOf(k, rows[i] as number, columns[j] as number);
        expect(Math.abs((got[at] as number) - sum)).toBeLessThanOrEqual(bound / 2);
      }
    }),
    { numRuns: 60 },
  );
});

test('a unit over the limits is refused before anything is allocated, whoever cut it', async () => {
  const [rows, columns] = [300, 1_000_000];
  const blobs = new Map([
    ['a', encodeNpy(floats([rows, 1], new Float32Array(rows)))],
    ['b', encodeNpy(floats([1, columns], new Float32Array(columns)))],
  ]);
  const params = JSON.stringify({ rows, inner: 1, columns, rowLengths: 'AA', columnLengths: 'AA' });
  await expect(matmulF32Kernel.run({ params, blobs }, context())).rejects.toMatchObject({
    code: 'KERNEL_PARAMS_INVALID',
    details: { path: 'rows', expected: expect.stringMatching(/bytes of result/) },
  });
});

test.each([
  ['a', Number.NaN, 'row 2, column 1'],
  ['a', Number.POSITIVE_INFINITY, 'row 2, column 1'],
  ['b', Number.NEGATIVE_INFINITY, 'row 1, column 4'],
])('%s with a %s is refused, and the refusal says where', (name, value, at) => {
  const [a, b] = [float32Matrix(4, 3, 1), float32Matrix(3, 5, 2)];
  const spoilt = (tensor: Tensor, index: number): Tensor => {
    const values = Float32Array.from(toNumbers(tensor));
    values[index] = value;
    return { ...tensor, data: new Uint8Array(values.buffer) };
  };
  const bad = name === 'a' ? productFiles(spoilt(a, 7), b) : productFiles(a, spoilt(b, 9));
  expect(() => matmulF32Rules.split({}, bad)).toThrow(
    expect.objectContaining({ code: 'TENSOR_VALUE', details: expect.objectContaining({ input: name, at }) }),
  );
});

test('a result with NaN in it is not well-formed', async () => {
  const input = await unitOf(float32Matrix(2, 3, 1), float32Matrix(3, 2, 2));
  const { bytes } = await matmulF32Kernel.run(input, context());
  new DataView(bytes.buffer, bytes.length - 8).setFloat32(0, Number.NaN, true);
  expect(matmulF32Rules.inspect(input.params, bytes)).toBe('row 1, column 0 is NaN');
});

test('matrices that do not fit and types other than float32 are refused by name', () => {
  const a = float32Matrix(4, 8, 1);
  expect(() => matmulF32Rules.split({}, productFiles(a, float32Matrix(7, 4, 1)))).toThrow(
    /"b" expected shape \[8, any\]/,
  );
  const bytes: Tensor = { dtype: 'int8', shape: [4, 8], data: new Uint8Array(32) };
  expect(() => matmulF32Rules.split({}, productFiles(bytes, a))).toThrow(
    /"a" expected type float32, got int8 \[4, 8\]/,
  );
});

test('rows of a missing unit are NaN in the merged product, and named', () => {
  const stage = JSON.stringify({ total: 3, rows: 2, columns: 2 });
  const unit = encodeNpy({ dtype: 'float32', shape: [1, 2], data: new Uint8Array(Float32Array.of(1, 2).buffer) });
  const files = matmulF32Rules.merge(stage, [undefined, unit]);
  expect(files.map(({ name }) => name)).toEqual(['c.npy', 'missing-rows.csv']);
  expect([...Float32Array.from(toNumbers(decodeNpy('c', files[0]?.bytes as Uint8Array)))]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    1,
    2,
  ]);
});
