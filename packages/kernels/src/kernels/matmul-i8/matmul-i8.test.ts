import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testChecking } from '../../../testing/checking-acceptance.ts';
import { type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import { int8Matrix } from '../../../testing/matrices.ts';
import { mutate, productCase } from '../../../testing/mutants.ts';
import type { UnitInput } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { matmulReference } from './reference.ts';
import { matmulRules } from './rules.ts';
import { matmulKernel } from './run.ts';

const inputs = (a: Tensor, b: Tensor) =>
  new Map([
    ['a', { fileName: 'a.npy', bytes: encodeNpy(a) }],
    ['b', { fileName: 'b.npy', bytes: encodeNpy(b) }],
  ]);

function referenceBytes({ blobs }: UnitInput): Uint8Array {
  const a = decodeNpy('a', blobs.get('a') as Uint8Array);
  const b = decodeNpy('b', blobs.get('b') as Uint8Array);
  const data = new Uint8Array(matmulReference(a, b).buffer);
  return encodeNpy({ dtype: 'int32', shape: [a.shape[0] as number, b.shape[1] as number], data });
}

const makeCase = (): KernelCase => ({
  rules: matmulRules,
  kernel: matmulKernel,
  params: { rows: 16 },
  inputs: inputs(int8Matrix(37, 131, 1), int8Matrix(131, 45, 2)),
  reference: referenceBytes,
  badParams: [{ rows: 0 }, { rows: 4097 }, { rows: 1.5 }, { rows: '16' }],
  badUnitParams: ['{"rows":0,"columns":45}', '{"rows":16}'],
  shapes: [
    [1, 1, 1],
    [1, 131, 45],
    [13, 7, 11],
    [5, 8, 16],
    [1024, 2, 3],
    [2051, 1, 2],
  ].map(([m = 0, k = 0, n = 0]) => productCase(int8Matrix(m, k, 1), int8Matrix(k, n, 2)).input),
  mutate: (input, right, random) => mutate({ input, right }, random),
});
testKernel('matmul-i8', makeCase);
testChecking('matmul-i8', makeCase);

test('any shape gives the bytes of the reference, odd rows and unaligned widths too', async () => {
  const side = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(side, side, side, fc.nat(), async (m, k, n, seed) => {
      const blobs = new Map([
        ['a', encodeNpy(int8Matrix(m, k, seed))],
        ['b', encodeNpy(int8Matrix(k, n, seed + 1))],
      ]);
      const input = { params: JSON.stringify({ rows: m, columns: n }), blobs };
      const context = { backend: 'wasm', signal: new AbortController().signal, progress: () => undefined } as const;
      expect((await matmulKernel.run(input, context)).bytes).toEqual(referenceBytes(input));
    }),
    { numRuns: 60 },
  );
});

test('matrices that do not fit are refused by name, with what was expected and got', () => {
  const a = int8Matrix(4, 8, 1);
  const refuse = (left: Tensor, right: Tensor) => () => matmulRules.split({}, inputs(left, right));
  expect(refuse(a, int8Matrix(7, 4, 1))).toThrow(/"b" expected shape \[8, any\].*got \[7, 4\]/);
  expect(refuse({ ...a, dtype: 'uint8' }, a)).toThrow(/"a" expected type int8, got uint8 \[4, 8\]/);
  expect(refuse({ ...a, shape: [32] }, a)).toThrow(/"a" expected shape a matrix.*got \[32\]/);
  expect(refuse({ ...a, shape: [0, 8], data: new Uint8Array() }, a)).toThrow(/"a" expected shape a matrix/);
});

test('units too large for their limits are refused', () => {
  const refuse = (m: number, k: number, n: number) => () =>
    matmulRules.split({ rows: 4096 }, inputs(int8Matrix(m, k, 1), int8Matrix(k, n, 2)));
  expect(refuse(4096, 1, 4097)).toThrow(/"rows".*67108864 bytes of result/);
  expect(refuse(4096, 1000, 4000)).toThrow(/"rows".*20000000000 operations/);
});

test('a unit over the limits is refused before anything is allocated, whoever cut it', async () => {
  const none = { backend: 'wasm', signal: new AbortController().signal, progress: () => undefined } as const;
  for (const [rows, k, columns, limit] of [
    [700, 1, 1_000_000, /67108864 bytes of result/],
    [4096, 64, 40_000, /operations|bytes/],
    [1, 65_536, 4000, /536870912 bytes of memory/],
  ] as const) {
    const blobs = new Map([
      ['a', encodeNpy(int8Matrix(rows, k, 1))],
      ['b', encodeNpy({ dtype: 'int8', shape: [k, columns], data: new Uint8Array(k * columns) })],
    ]);
    const input = { params: JSON.stringify({ rows, columns }), blobs };
    const refusal = {
      code: 'KERNEL_PARAMS_INVALID',
      details: { path: 'rows', expected: expect.stringMatching(limit) },
    };
    await expect(matmulKernel.run(input, none)).rejects.toMatchObject(refusal);
    expect(() => matmulRules.chunks?.compute(input, 0)).toThrow(expect.objectContaining({ code: refusal.code }));
  }
});

test('a missing input and a file that is no tensor are refused', () => {
  expect(() => matmulRules.split({}, new Map())).toThrow(expect.objectContaining({ code: 'KERNEL_INPUT_MISSING' }));
  const text = { fileName: 'a.npy', bytes: Uint8Array.from(Buffer.from('not a tensor at all')) };
  const both = new Map([...inputs(int8Matrix(1, 1, 1), int8Matrix(1, 1, 1)), ['a', text]]);
  expect(() => matmulRules.split({}, both)).toThrow(expect.objectContaining({ code: 'TENSOR_INVALID' }));
});

test('the merged product has all rows; a missing unit is named', () => {
  const a = int8Matrix(10, 6, 3);
  const b = int8Matrix(6, 5, 4);
  const stage = JSON.stringify({ total: 10, rows: 4, columns: 5 });
  const product = new Uint8Array(matmulReference(a, b).buffer);
  const rows = (from: number, to: number) =>
    encodeNpy({ dtype: 'int32', shape: [to - from, 5], data: product.subarray(from * 20, to * 20) });
  const results = [rows(0, 4), rows(4, 8), rows(8, 10)];
  const [file] = matmulRules.merge(stage, results);
  expect(decodeNpy('c', file?.bytes as Uint8Array)).toEqual({ dtype: 'int32', shape: [10, 5], data: product });
  const partial = matmulRules.merge(stage, [results[0], undefined, results[2]]);
  expect(partial.map(({ name }) => name)).toEqual(['c.npy', 'missing-rows.csv']);
  expect(Buffer.from(partial[1]?.bytes as Uint8Array).toString()).toBe('first,last\n4,7\n');
});
