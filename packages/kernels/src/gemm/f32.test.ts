import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32Matrix } from '../../testing/matrices.ts';
import { atOnce } from './banded.ts';
import type { GemmEngine } from './engine.ts';
import { loadPlainGemm, loadRelaxedGemm } from './load.ts';
import { multiplyF32, multiplyNarrowF32, packF32, placeF32 } from './f32.ts';
import { allocateProduct, readRows } from './matrix.ts';
import { multiplyReferenceF32 } from './reference.ts';

interface Product {
  a: Float32Array;
  b: Float32Array;
  m: number;
  k: number;
  n: number;
}
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function multiply(engine: GemmEngine, { a, b, m, k, n }: Product, narrow = false): Float32Array {
  const left = placeF32(engine, bytesOf(a), m, k);
  const right = placeF32(engine, bytesOf(b), k, n);
  const packed = packF32(engine, right);
  const c = atOnce(narrow ? multiplyNarrowF32(engine, left, right) : multiplyF32(engine, left, packed));
  const out = new Float32Array(readRows(engine.wasm.memory, c).buffer);
  for (const { region } of [left, right, packed, c]) region.free();
  expect(engine.arena.used).toBe(0);
  return out;
}

function product(m: number, k: number, n: number, seed: number): Product {
  const floats = (rows: number, columns: number, of: number) =>
    new Float32Array(float32Matrix(rows, columns, of).data.buffer as ArrayBuffer);
  return { a: floats(m, k, seed), b: floats(k, n, seed + 1), m, k, n };
}
const bits = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
const reference = ({ a, b, m, k, n }: Product) => multiplyReferenceF32(a, b, m, k, n);

const plain = await loadPlainGemm();
const relaxed = (await loadRelaxedGemm()) as GemmEngine;

const side = fc.integer({ min: 1, max: 30 });
const shapes = fc.tuple(side, side, side, fc.nat());

test.each([false, true])(
  'the plain build gives the bytes of the reference for any shape, B as it lies: %s',
  (narrow) => {
    fc.assert(
      fc.property(shapes, ([m, k, n, seed]) => {
        const asked = product(m, k, n, seed);
        expect(bits(multiply(plain, asked, narrow))).toEqual(bits(reference(asked)));
      }),
      { numRuns: 80 },
    );
  },
);

test.each([
  ['parts of all three dimensions', 253, 701, 77],
  ['one row', 1, 701, 2100],
  ['two rows', 2, 701, 70],
  ['eight rows', 8, 1300, 1100],
  ['columns 1 KiB apart', 5, 256, 256],
])('the plain build gives the bytes of the reference: %s', (_, m, k, n) => {
  const asked = product(m, k, n, 7);
  const expected = bits(reference(asked));
  expect(bits(multiply(plain, asked))).toEqual(expected);
  if (m <= 8) expect(bits(multiply(plain, asked, true))).toEqual(expected);
});

/** Is every element within 2·k·u·(|A||B|) of the product in f64, whose own rounding the factor 2 covers? */
function withinBound({ a, b, m, k, n }: Product, c: Float32Array): boolean {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let [sum, size] = [0, 0];
      for (let p = 0; p < k; p++) {
        const term = (a[i * k + p] as number) * (b[p * n + j] as number);
        sum += term;
        size += Math.abs(term);
      }
      if (!(Math.abs((c[i * n + j] as number) - sum) <= 2 * k * 2 ** -24 * size)) return false;
    }
  }
  return true;
}

test.each([false, true])('the build with relaxed SIMD is within the bound, B as it lies: %s', (narrow) => {
  fc.assert(
    fc.property(shapes, ([m, k, n, seed]) => {
      const asked = product(m, k, n, seed);
      expect(withinBound(asked, multiply(relaxed, asked, narrow))).toBe(true);
    }),
    { numRuns: 60 },
  );
  const large = product(61, 701, 41, 3);
  expect(withinBound(large, multiply(relaxed, large, narrow))).toBe(true);
});

test('NaN and infinities stay in their row and column, also beside padding', () => {
  const asked = product(7, 5, 13, 1);
  asked.a[2 * 5 + 3] = Number.NaN;
  asked.b[4 * 13 + 12] = Number.POSITIVE_INFINITY;
  for (const engine of [plain, relaxed]) {
    for (const narrow of [false, true]) {
      const c = multiply(engine, asked, narrow);
      for (const [at, value] of c.entries()) {
        expect(Number.isFinite(value)).toBe(Math.floor(at / 13) !== 2 && at % 13 !== 12);
      }
    }
  }
});

test('a packed B serves any number of products', () => {
  const { a, b, m, k, n } = product(4, 9, 11, 5);
  const right = placeF32(plain, bytesOf(b), k, n);
  const packed = packF32(plain, right);
  right.region.free();
  for (const rows of [a, a.toReversed()]) {
    const left = placeF32(plain, bytesOf(rows), m, k);
    const c = atOnce(multiplyF32(plain, left, packed));
    expect(new Float32Array(readRows(plain.wasm.memory, c).buffer)).toEqual(multiplyReferenceF32(rows, b, m, k, n));
    for (const { region } of [left, c]) region.free();
  }
  packed.region.free();
});

test.each([false, true])(
  'a product that is given up gives back what it holds, but no C of the caller’s; B as it lies: %s',
  (narrow) => {
    const { a, b, m, k, n } = product(8, 64, 9000, 5);
    const right = placeF32(plain, bytesOf(b), k, n);
    const packed = packF32(plain, right);
    const left = placeF32(plain, bytesOf(a), m, k);
    const into = allocateProduct(plain.arena, m, n);
    const { used } = plain.arena;
    for (const steps of narrow
      ? [multiplyNarrowF32(plain, left, right)]
      : [multiplyF32(plain, left, packed), multiplyF32(plain, left, packed, into)]) {
      expect(steps.next().done).toBe(false);
      steps.return(into);
      expect(plain.arena.used).toBe(used);
    }
    for (const { region } of [left, right, packed, into]) region.free();
  },
);
