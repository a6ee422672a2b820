import fc from 'fast-check';
import { expect, test } from 'vitest';
import { context, type KernelCase, testKernel } from '../../../testing/kernel-acceptance.ts';
import { float32Matrix } from '../../../testing/matrices.ts';
import type { UnitInput } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { boundOf } from './bound.ts';
import { groupSize, readLengths, writeLengths } from './lengths.ts';
import { MAX_K, readBlock } from './params.ts';
import { matmulF32Reference } from './reference.ts';
import { matmulF32Rules } from './rules.ts';
import { matmulF32Kernel } from './run.ts';

const inputs = (a: Tensor, b: Tensor) =>
  new Map([
    ['a', { fileName: 'a.npy', bytes: encodeNpy(a) }],
    ['b', { fileName: 'b.npy', bytes: encodeNpy(b) }],
  ]);

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
    inputs: inputs(float32Matrix(37, 131, 1), float32Matrix(131, 45, 2)),
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

/** The only unit of A · B. */
async function unitOf(a: Tensor, b: Tensor): Promise<UnitInput> {
  const plan = await matmulF32Rules.split({ rows: 4096 }, inputs(a, b));
  const [unit] = plan.units;
  if (unit === undefined) throw new Error('no unit');
  return {
    params: unit.params,
    blobs: new Map([...plan.shared, ...unit.blobs].map((part) => [part.name, part.bytes])),
  };
}
const floats = (shape: [number, number], values: ArrayLike<number>): Tensor => ({
  dtype: 'float32',
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});
/** The largest number by which element `at` of a result may be moved up and still agree; a thousandth more does not. */
function boundAt(params: string, bytes: Uint8Array, at: number): number {
  const moved = (by: number) =>
    matmulF32Rules.agree(
      bytes,
      withElement(bytes, at, (old) => old + by),
      params,
    );
  let [low, high] = [0, 2 ** 127];
  for (let i = 0; i < 300 && high > low * 1.0001; i++) {
    const middle = low === 0 ? high / 2 ** 20 : Math.sqrt(low * high);
    if (moved(middle)) low = middle;
    else high = middle;
    if (high < 2 ** -140) break;
  }
  return low;
}
function withElement(bytes: Uint8Array, at: number, change: (old: number) => number): Uint8Array {
  const copy = bytes.slice();
  const { length } = decodeNpy('c', bytes).data;
  const view = new DataView(copy.buffer, copy.length - length);
  view.setFloat32(4 * at, change(view.getFloat32(4 * at, true)), true);
  return copy;
}
const zeros = (rows: number, columns: number) => encodeNpy(floats([rows, columns], new Float32Array(rows * columns)));

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

test('the bound of an element follows from k and the lengths of its own row and column', async () => {
  // Rows of length 5 and 1, columns of length 13, 0 and 1.5: k = 2.
  const input = await unitOf(floats([2, 2], [3, 4, 1, 0]), floats([2, 3], [5, 0, 1.5, 12, 0, 0]));
  const { bytes } = await matmulF32Kernel.run(input, context());
  const scale = 4 * 2 ** -23;
  for (const [at, length] of [
    [0, 5 * 13],
    [2, 5 * 1.5],
    [3, 13],
    [5, 1.5],
  ] as const) {
    const ratio = boundAt(input.params, bytes, at) / (scale * length);
    expect(ratio).toBeGreaterThan(0.95);
    // Each length is rounded up by at most 12 %, and an element's own last place.
    expect(ratio).toBeLessThan(1.3);
  }
  expect(
    matmulF32Rules.agree(
      bytes,
      withElement(bytes, 1, () => 1e-30),
      input.params,
    ),
  ).toBe(false);
  expect(
    matmulF32Rules.agree(
      bytes,
      withElement(bytes, 1, () => Number.NaN),
      input.params,
    ),
  ).toBe(false);
  expect(matmulF32Rules.agree(bytes, bytes, 'nonsense')).toBe(false);
  expect(matmulF32Rules.agree(zeros(3, 2), zeros(3, 2), input.params)).toBe(false);
});

test('numbers that a GPU may take for zero are within the bound', async () => {
  const tiny = 2 ** -127;
  const input = await unitOf(floats([1, 2], [tiny, tiny]), floats([2, 2], [1, tiny, 1, tiny]));
  const { bytes } = await matmulF32Kernel.run(input, context());
  expect([...Float32Array.from(toNumbers(decodeNpy('c', bytes)))]).toEqual([2 * tiny, 0]);
  expect(matmulF32Rules.agree(bytes, zeros(1, 2), input.params)).toBe(true);
  expect(
    matmulF32Rules.agree(
      bytes,
      withElement(bytes, 0, () => 2 ** -120),
      input.params,
    ),
  ).toBe(false);
});

test('lengths by groups: never less than they are, at most 12 % more, for any numbers of vectors and groups', () => {
  const element = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 64 }), (values, most) => {
      const squares = Float64Array.from(values, (value) => value * value);
      const size = groupSize(squares.length, most);
      const lengths = readLengths(writeLengths(squares, size));
      expect(lengths).toHaveLength(Math.ceil(squares.length / size));
      for (const [group, length] of lengths.entries()) {
        const greatest = Math.sqrt(Math.max(...squares.subarray(group * size, (group + 1) * size)));
        expect(length).toBeGreaterThanOrEqual(greatest);
        expect(length).toBeLessThanOrEqual(greatest * 1.12);
      }
    }),
  );
});

test('a row or column beside a much longer one is not held to less for it', async () => {
  const k = 64;
  const long = (tensor: Tensor, from: number, step: number): Tensor =>
    floats(
      tensor.shape as [number, number],
      Float32Array.from(toNumbers(tensor), (value, at) => (at % step === 0 && at >= from ? value * 3e5 : value)),
    );
  const input = await unitOf(float32Matrix(4, k, 1), long(float32Matrix(k, 64, 2), 0, 64));
  const { bytes } = await matmulF32Kernel.run(input, context());
  const others = Float32Array.from(toNumbers(decodeNpy('c', bytes)), (value, at) => (at % 64 === 0 ? value : 0));
  expect(matmulF32Rules.agree(bytes, encodeNpy(floats([4, 64], others)), input.params)).toBe(false);
});

test('units are held to the lengths of their own rows', async () => {
  const a = floats([2, 1], [1e6, 1]);
  const { units } = await matmulF32Rules.split({ rows: 1 }, inputs(a, floats([1, 1], [1])));
  const of = (unit: number, value: number) =>
    matmulF32Rules.agree(zeros(1, 1), encodeNpy(floats([1, 1], [value])), units[unit]?.params ?? '');
  expect([of(0, 0.1), of(1, 0.1)]).toEqual([true, false]);
});

test.each([
  ['rowLengths', 'AAAA'],
  ['columnLengths', 'AAAAAA'],
  ['rowLengths', '____'],
  ['columnLengths', '______'],
  ['inner', 4],
])('a unit whose %s are not those of its matrices is refused, whether its B is known or not', async (field, value) => {
  const input = await unitOf(float32Matrix(2, 5, 1), float32Matrix(5, 3, 2));
  const params = JSON.stringify({ ...(JSON.parse(input.params) as object), [field]: value });
  const digests = new Map([['b', `of ${field} ${value}`]]);
  for (const known of [{}, { digests }]) {
    await matmulF32Kernel.run({ ...input, ...known }, context());
    await expect(matmulF32Kernel.run({ ...input, ...known, params }, context())).rejects.toMatchObject({
      code: 'KERNEL_PARAMS_INVALID',
      details: {
        path: field,
        expected: expect.stringMatching(/as the matrices have it/),
        received: expect.any(String),
      },
    });
  }
});

test('lengths of another B are not taken for those of this one', async () => {
  const [a, b, other] = [float32Matrix(2, 5, 1), float32Matrix(5, 3, 2), floats([5, 3], new Float32Array(15).fill(9))];
  const run = async (right: Tensor, digest: string) =>
    matmulF32Kernel.run({ ...(await unitOf(a, right)), digests: new Map([['b', digest]]) }, context());
  await run(b, 'one');
  await run(other, 'two');
  await run(b, 'one');
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

test('at 4,096 products a sum, neither zeros nor half of them pass; longer sums are refused, with what to do', async () => {
  const [m, k, n] = [4, MAX_K, 3];
  const [a, b] = [float32Matrix(m, k, 1), float32Matrix(k, n, 2)];
  const input = await unitOf(a, b);
  const { bytes } = await matmulF32Kernel.run(input, context());
  expect(matmulF32Rules.agree(bytes, zeros(m, n), input.params)).toBe(false);
  const half = floats(
    [m, k],
    Float32Array.from(toNumbers(a), (value, at) => (at % k < k / 2 ? value : 0)),
  );
  const lazy = encodeNpy(floats([m, n], matmulF32Reference(half, b)));
  expect(matmulF32Rules.agree(bytes, lazy, input.params)).toBe(false);
  await expect(unitOf(float32Matrix(1, MAX_K + 1, 1), float32Matrix(MAX_K + 1, 1, 1))).rejects.toMatchObject({
    code: 'TENSOR_SHAPE',
    message: expect.stringMatching(/at most 4096 columns; cut both matrices along that side.*add the products/),
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
  const bad = name === 'a' ? inputs(spoilt(a, 7), b) : inputs(a, spoilt(b, 9));
  expect(() => matmulF32Rules.split({}, bad)).toThrow(
    expect.objectContaining({ code: 'TENSOR_VALUE', details: expect.objectContaining({ input: name, at }) }),
  );
});

test('matrices whose sums could pass what float32 holds are refused, by a run too; others are not', async () => {
  const of = (x: number, y: number) => [floats([1, 2], [x, -x]), floats([2, 1], [y, y])] as const;
  for (const [x, y] of [
    [1e20, 1e20],
    [3e38, 1],
    [2 ** 64, 2 ** 63],
  ] as const) {
    await expect(unitOf(...of(x, y))).rejects.toMatchObject({ code: 'TENSOR_VALUE' });
  }
  const [a, b] = of(2 ** 63, 2 ** 62);
  const fitting = await unitOf(a, b);
  const { bytes } = await matmulF32Kernel.run(fitting, context());
  expect(bytes).toEqual(zeros(1, 1));
  // A requester's own cutting, with the right lengths.
  const [left, right] = of(3e38, 1);
  const lengths = (tensor: Tensor) => writeLengths(Float64Array.of(2 * (toNumbers(tensor)[0] as number) ** 2), 1);
  const unit = { rows: 1, inner: 2, columns: 1, rowLengths: lengths(left), columnLengths: lengths(right) };
  const blobs = new Map([
    ['a', encodeNpy(left)],
    ['b', encodeNpy(right)],
  ]);
  await expect(matmulF32Kernel.run({ params: JSON.stringify(unit), blobs }, context())).rejects.toMatchObject({
    code: 'TENSOR_VALUE',
    details: { input: 'a', at: 'its longest row' },
  });
});

test('a result with NaN in it is not well-formed', async () => {
  const input = await unitOf(float32Matrix(2, 3, 1), float32Matrix(3, 2, 2));
  const { bytes } = await matmulF32Kernel.run(input, context());
  new DataView(bytes.buffer, bytes.length - 8).setFloat32(0, Number.NaN, true);
  expect(matmulF32Rules.inspect(input.params, bytes)).toBe('row 1, column 0 is NaN');
});

test('matrices that do not fit and types other than float32 are refused by name', () => {
  const a = float32Matrix(4, 8, 1);
  expect(() => matmulF32Rules.split({}, inputs(a, float32Matrix(7, 4, 1)))).toThrow(/"b" expected shape \[8, any\]/);
  const bytes: Tensor = { dtype: 'int8', shape: [4, 8], data: new Uint8Array(32) };
  expect(() => matmulF32Rules.split({}, inputs(bytes, a))).toThrow(/"a" expected type float32, got int8 \[4, 8\]/);
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
