import { concat } from '@reckon/protocol/base/bytes';
import type { Random } from '@reckon/protocol/base/ports';
import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { int8Matrix } from '../../../testing/matrices.ts';
import { type ProductCase, productCase, runMutants } from '../../../testing/mutants.ts';
import type { UnitInput } from '../../kernel.ts';
import { decodeNpy, encodeNpy } from '../../tensor/npy.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { checkProduct } from './check.ts';
import { findWrong, loadChecker, prepareSecret } from './check-wasm.ts';
import { drawTrials, freivaldsReference } from './freivalds.ts';
import { matmulManifest } from './manifest.ts';
import { BYTES_PER_ELEMENT } from './params.ts';
import { matmulReference } from './reference.ts';

const filled = (rows: number, columns: number, value: number): Tensor => ({
  dtype: 'int8',
  shape: [rows, columns],
  data: new Uint8Array(rows * columns).fill(value),
});
const productOf = (a: Tensor, b: Tensor): Tensor => ({
  dtype: 'int32',
  shape: [a.shape[0] as number, b.shape[1] as number],
  data: new Uint8Array(matmulReference(a, b).buffer),
});
/** The right result with element `at` changed by `by`, modulo 2³². */
function changed({ right }: ProductCase, at: number, by: number): Uint8Array {
  const out = right.slice();
  const view = new DataView(out.buffer, out.length - decodeNpy('c', right).data.length);
  view.setInt32(at * 4, view.getInt32(at * 4, true) + by, true);
  return out;
}
const random = createSeededRandom(1);

/** Random whose bytes are all the same: what a forger who knows r works with. */
const constant = (byte: number): Random => ({ bytes: (length) => new Uint8Array(length).fill(byte), u32: () => 0 });

test('no wrong product of 20,000 passes', async () => {
  expect(await runMutants(20_000, 7)).toEqual({ mutants: 20_000, accepted: 0 });
});

test('WASM decides as the definition in whole numbers does, also for r that overlooks a change', async () => {
  const wasm = await loadChecker();
  const side = fc.integer({ min: 1, max: 20 });
  // Zeros, so that some changes are not seen, and the ends of the range.
  const number = fc.constantFrom(0, 0, 0, 1, -1, 2 ** 20 - 1, -(2 ** 20), 77_777, -3);
  const seen = { passed: 0, refused: 0 };
  fc.assert(
    fc.property(side, side, side, fc.nat(), fc.infiniteStream(number), fc.nat(), (m, k, n, seed, numbers, at) => {
      const [a, b] = [int8Matrix(m, k, seed), int8Matrix(k, n, seed + 1)];
      const y = productOf(a, b);
      // A change of 3 within the range in two runs of three.
      const wrong = new Int32Array(y.data.buffer);
      const place = at % wrong.length;
      if (at % 3 > 0) wrong[place] = (wrong[place] as number) - 3 * Math.sign((wrong[place] as number) + 0.5);
      const r = Int32Array.from({ length: 3 * n }, () => numbers.next().value as number);
      const passed = freivaldsReference(a, b, y, r);
      seen[passed ? 'passed' : 'refused']++;
      expect(findWrong(wasm, a, y, prepareSecret(wasm, b, r)) === undefined).toBe(passed);
    }),
    { numRuns: 400 },
  );
  expect(Math.min(seen.passed, seen.refused)).toBeGreaterThan(100);
});

test.each([
  ['the longest sums', 2, 65_536, 3, -128, -128, -(2 ** 20)],
  ['the longest sums of the other sign', 1, 65_536, 3, 127, -128, 2 ** 20 - 1],
  ['the most columns', 1, 1, 1_000_000, -128, -128, -(2 ** 20)],
  ['digits of −2¹⁵, whose sums pass 32 bits', 2, 8192, 1, -128, -128, 256],
  ['more rows than a band holds', 700, 3, 1030, 127, 127, 2 ** 20 - 1],
])('%s: the right product passes and one more or less does not', async (_, m, k, n, x, z, r) => {
  const wasm = await loadChecker();
  const [a, b] = [filled(m, k, x), filled(k, n, z)];
  const y: Tensor = {
    dtype: 'int32',
    shape: [m, n],
    data: new Uint8Array(new Int32Array(m * n).fill(k * x * z).buffer),
  };
  const secret = prepareSecret(wasm, b, new Int32Array(3 * n).fill(r));
  expect(findWrong(wasm, a, y, secret)).toBeUndefined();
  const last = new Int32Array(y.data.buffer);
  last[m * n - 1] = k * x * z - Math.sign(x * z);
  expect(findWrong(wasm, a, y, secret)).toEqual({ kind: 'row', row: m - 1 });
  last[m * n - 1] = -(2 ** 31);
  expect(findWrong(wasm, a, y, secret)).toEqual({ kind: 'range', row: m - 1, column: n - 1 });
});

const kase = productCase(int8Matrix(6, 20, 3), int8Matrix(20, 9, 4));

test.each([
  ['one more', 31, 1, /^Row 3 is not that of the product\.$/],
  ['one less', 53, -1, /^Row 5 is not/],
  ['2³¹ − 1 more', 9, 2 ** 31 - 1, /^Row 1, column 0 is -?\d{9,10}; a sum of 20 products of int8 is at most 327680\.$/],
  ['2³¹ − 1 less', 10, 1 - 2 ** 31, /^Row 1, column 1 is/],
  ['2³¹ more', 0, 2 ** 31, /^Row 0, column 0 is/],
])('an element with %s is refused, and the cause says where', async (_, at, by, cause) => {
  expect(await checkProduct(kase.input, changed(kase, at, by), random)).toEqual({
    passed: false,
    cause: expect.stringMatching(cause),
  });
});

test('the product of another B, and that of the same B for other rows, are refused', async () => {
  const b = int8Matrix(20, 9, 4);
  const almost = { ...b, data: b.data.with(100, (b.data[100] as number) ^ 1) };
  for (const [left, right] of [
    [int8Matrix(6, 20, 3), almost],
    [int8Matrix(6, 20, 3), int8Matrix(20, 9, 5)],
    [int8Matrix(6, 20, 9), b],
  ] as const) {
    const other = productCase(left, right).right;
    expect(await checkProduct(kase.input, other, random)).toMatchObject({ passed: false });
  }
});

test('the same numbers in another file are refused: they would have another digest', async () => {
  const { data } = decodeNpy('c', kase.right);
  const text = (descr: string, shape: string) => `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const file = (header: string, version = 1) => {
    const length = version === 1 ? [header.length, 0] : [header.length, 0, 0, 0];
    return concat(Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length), Buffer.from(header), data);
  };
  const right = text('<i4', '(6, 9)').padEnd(117);
  for (const other of [
    file(`${right} \n`),
    file(right),
    file(`${right}\n`, 2),
    file(text('<i4', '(9, 6)')),
    file(text('<f4', '(6, 9)')),
    encodeNpy({ dtype: 'int32', shape: [54], data }),
    encodeNpy({ dtype: 'float32', shape: [6, 9], data: new Uint8Array(data.length).fill(0xff) }),
    encodeNpy({ dtype: 'int64', shape: [6, 9], data: new Uint8Array(data.length * 2) }),
  ]) {
    expect(await checkProduct(kase.input, other, random)).toMatchObject({ passed: false, cause: expect.any(String) });
  }
  expect(await checkProduct(kase.input, file(`${right}\n`), random)).toMatchObject({ passed: true });
});

test('who knows r can forge, except out of range: r must be secret', async () => {
  const fresh = (): UnitInput => ({
    ...kase.input,
    blobs: new Map([...kase.input.blobs].map(([k, v]) => [k, v.slice()])),
  });
  // With all r equal, a change that sums to nothing over a row is not seen.
  const forged = changed({ ...kase, right: changed(kase, 2, 5) }, 3, -5);
  expect(await checkProduct(fresh(), forged, constant(7))).toMatchObject({ passed: true });
  expect(await checkProduct(fresh(), forged, random)).toMatchObject({ passed: false });
  expect(await checkProduct(fresh(), changed(kase, 2, 2 ** 31 - 1), constant(0))).toMatchObject({ passed: false });
});

test('r is drawn once for a B, and anew after a rejection', async () => {
  const { input, right } = productCase(int8Matrix(4, 5, 1), int8Matrix(5, 6, 2));
  let drawn = 0;
  const counting: Random = {
    bytes: (length) => {
      drawn++;
      return random.bytes(length);
    },
    u32: random.u32,
  };
  const another = { ...input, blobs: new Map([...input.blobs, ['a', encodeNpy(int8Matrix(4, 5, 9))]]) };
  const passes = async (unit: UnitInput, result: Uint8Array) => (await checkProduct(unit, result, counting)).passed;
  expect([await passes(input, right), await passes(input, right), drawn]).toEqual([true, true, 1]);
  // The same B under another A: refused, and what the refusal tells of r is of no use for the next.
  expect([await passes(another, right), drawn]).toEqual([false, 1]);
  expect([await passes(input, right), drawn]).toEqual([true, 2]);
});

test('r is each of the 2²¹ numbers from −2²⁰ to 2²⁰ − 1, as its 21 highest random bits say', () => {
  const bits = [0, 1 << 11, 0x7fffffff, 1 << 31, -1, 2047];
  const bytes = new Uint8Array(Int32Array.from(bits).buffer);
  const numbers = drawTrials(2, { bytes: (length) => bytes.slice(0, length), u32: () => 0 });
  expect([...numbers]).toEqual([0, 1, 2 ** 20 - 1, -(2 ** 20), -1, 0]);
});

test('a B of more columns than one call for random bytes serves is checked', async () => {
  const { input, right } = productCase(int8Matrix(2, 2, 1), int8Matrix(2, 6000, 2));
  const browser: Random = {
    bytes(length) {
      expect(length).toBeLessThanOrEqual(65_536);
      return random.bytes(length);
    },
    u32: random.u32,
  };
  expect(await checkProduct(input, right, browser)).toMatchObject({ passed: true });
  expect(await checkProduct(input, right.with(-1, (right.at(-1) as number) ^ 1), browser)).toMatchObject({
    passed: false,
  });
});

test('a B too large for exact sums is refused', async () => {
  const [k, n] = [65_536, 4097];
  // Only the header is written: the system gives the rest as zeros without taking memory for it.
  const b = new Uint8Array(128 + k * n);
  b.set(encodeNpy({ dtype: 'int8', shape: [k, n], data: new Uint8Array() }));
  const blobs = new Map([
    ['a', encodeNpy(filled(1, k, 0))],
    ['b', b],
  ]);
  const check = checkProduct({ params: `{"rows":1,"columns":${n}}`, blobs }, new Uint8Array(), random);
  await expect(check).rejects.toMatchObject({
    code: 'KERNEL_PARAMS_INVALID',
    message: expect.stringMatching(/at most 536870912 bytes of memory/),
  });
  // k · n up to which `freivalds.ts` shows that nothing overflows.
  expect(matmulManifest.limits.maxMemoryBytes / BYTES_PER_ELEMENT).toBeLessThanOrEqual(2 ** 28);
});
