import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floats, productFiles, unitOf, zeros } from '../../../testing/f32-units.ts';
import { context } from '../../../testing/kernel-acceptance.ts';
import { float32Matrix } from '../../../testing/matrices.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import { type Tensor, toNumbers } from '../../tensor/tensor.ts';
import { groupSize, readLengths, writeLengths } from './lengths.ts';
import { MAX_K } from './params.ts';
import { matmulF32Reference } from './reference.ts';
import { matmulF32Rules } from './rules.ts';
import { matmulF32Kernel } from './run.ts';

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
  const { units } = await matmulF32Rules.split({ rows: 1 }, productFiles(a, floats([1, 1], [1])));
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
