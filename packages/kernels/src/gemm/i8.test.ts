import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atOnce } from './banded.ts';
import type { GemmEngine } from './engine.ts';
import { loadPlainGemm, loadRelaxedGemm } from './load.ts';
import { multiplyI8 } from './i8.ts';
import { placeLeftI8, placeRightI8 } from './i8-operands.ts';
import { chooseWay, packI8, type Way } from './i8-pack.ts';
import { readRows } from './matrix.ts';
import { multiplyReferenceI8 } from './reference.ts';

const bytesOf = ({ buffer, byteOffset, byteLength }: Int8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

interface Product {
  a: Int8Array;
  b: Int8Array;
  m: number;
  k: number;
  n: number;
}

/** C by the way asked for, or by the one that is chosen. */
function multiply(engine: GemmEngine, { a, b, m, k, n }: Product, asked?: Way): Int32Array {
  const left = placeLeftI8(engine, bytesOf(a), m, k);
  const right = placeRightI8(engine, bytesOf(b), k, n);
  const packed = packI8(engine, right, asked ?? chooseWay(engine, left, right));
  const c = atOnce(multiplyI8(engine, left, packed));
  const out = new Int32Array(readRows(engine.wasm.memory, c).buffer);
  for (const { region } of [left, right, packed, c]) region.free();
  expect(engine.arena.used).toBe(0);
  return out;
}
const reference = ({ a, b, m, k, n }: Product) => multiplyReferenceI8(a, b, m, k, n);

/** Numbers in a range, its ends more often than others. */
const within = ([low, high]: readonly [number, number]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(low, high) }, fc.integer({ min: low, max: high }));
const RANGES = { any: [-128, 127], positive: [0, 127], small: [-64, 63] } as const;
type RangeName = keyof typeof RANGES;

function products(left: RangeName, right: RangeName, side = 30): fc.Arbitrary<Product> {
  const size = fc.integer({ min: 1, max: side });
  const fill = (range: RangeName, count: number) =>
    fc.array(within(RANGES[range]), { minLength: count, maxLength: count }).map((values) => Int8Array.from(values));
  return fc.tuple(size, size, size).chain(([m, k, n]) =>
    fc.record({
      a: fill(left, m * k),
      b: fill(right, k * n),
      m: fc.constant(m),
      k: fc.constant(k),
      n: fc.constant(n),
    }),
  );
}

const ENGINES = { plain: await loadPlainGemm(), relaxed: (await loadRelaxedGemm()) as GemmEngine };

test('this engine runs the build with relaxed SIMD', () => {
  expect(ENGINES.relaxed).toBeDefined();
});

test.each<[keyof typeof ENGINES, Way, RangeName, RangeName]>([
  ['plain', 'i16', 'any', 'any'],
  ['relaxed', 'i16', 'any', 'any'],
  ['relaxed', 'halves', 'any', 'any'],
  ['relaxed', 'right7', 'any', 'positive'],
  ['relaxed', 'right7', 'any', 'small'],
  ['relaxed', 'left7', 'positive', 'any'],
  ['relaxed', 'left7', 'small', 'any'],
])('%s build, %s: any shape with %s A and %s B is exact', (build, way, left, right) => {
  fc.assert(
    fc.property(products(left, right), (product) => {
      expect(multiply(ENGINES[build], product, way)).toEqual(reference(product));
    }),
    { numRuns: 60 },
  );
});

test.each<[RangeName, RangeName, readonly Way[]]>([
  ['any', 'positive', ['right7']],
  ['any', 'small', ['right7']],
  ['positive', 'any', ['left7']],
  ['small', 'any', ['left7']],
  ['any', 'any', ['halves', 'i16']],
])('with %s A and %s B the way is one that is exact', (low, high, ways) => {
  const ends = (name: RangeName, count: number) =>
    Int8Array.from({ length: count }, (_, i) => RANGES[name][i % 2] ?? 0);
  const product = { a: ends(low, 6), b: ends(high, 6), m: 2, k: 3, n: 2 };
  const { relaxed, plain } = ENGINES;
  const left = placeLeftI8(relaxed, bytesOf(product.a), 2, 3);
  const right = placeRightI8(relaxed, bytesOf(product.b), 3, 2);
  expect(ways).toContain(chooseWay(relaxed, left, right));
  for (const { region } of [left, right]) region.free();
  expect(multiply(relaxed, product)).toEqual(reference(product));
  expect(multiply(plain, product)).toEqual(reference(product));
});

/** Larger than one part of A, of the depth and of the panels, with edges in each. */
const LARGE = { m: 253, k: 1301, n: 77 };

test.each([
  ['the least of all', -128, -128],
  ['the greatest by the least', 127, -128],
  ['within 7 bits, shifted', -128, -64],
])('the longest sums are exact: %s', (_, x, y) => {
  const [m, k, n] = [3, 65_536, 9];
  const product = { a: new Int8Array(m * k).fill(x), b: new Int8Array(k * n).fill(y), m, k, n };
  for (const engine of Object.values(ENGINES)) {
    expect(new Set(multiply(engine, product))).toEqual(new Set([k * x * y]));
    expect(
      multiply(engine, { ...product, a: product.b.subarray(0, 3 * 9), b: product.a.subarray(0, 9 * 3), k: 9, n: 3 }),
    ).toEqual(new Int32Array(9).fill(9 * x * y));
  }
});

test.each<Way>(['right7', 'left7', 'halves', 'i16'])('%s: many parts of all three dimensions are exact', (way) => {
  const { m, k, n } = LARGE;
  const value = (i: number) => ((i * 7919) % 128) - 64;
  const product = {
    a: Int8Array.from({ length: m * k }, (_, i) => value(i)),
    b: Int8Array.from({ length: k * n }, (_, i) => value(i * 31)),
    m,
    k,
    n,
  };
  expect(multiply(ENGINES.relaxed, product, way)).toEqual(reference(product));
});

test('an A of full range for a B that was packed for 7 bits is refused, and leaves nothing behind', () => {
  const engine = ENGINES.relaxed;
  const left = placeLeftI8(engine, bytesOf(Int8Array.of(-128, 127)), 1, 2);
  const right = placeRightI8(engine, bytesOf(Int8Array.of(1, 2)), 2, 1);
  const packed = packI8(engine, right, 'left7');
  expect(() => atOnce(multiplyI8(engine, left, packed))).toThrow(RangeError);
  for (const { region } of [left, right, packed]) region.free();
  expect(engine.arena.used).toBe(0);
});
