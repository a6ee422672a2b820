import { createSeededRandom, type SeededRandom } from '@reckon/protocol/testing/seeded-random';
import type { UnitInput } from '../src/kernel.ts';
import { matmulReference } from '../src/kernels/matmul-i8/reference.ts';
import { matmulRules } from '../src/kernels/matmul-i8/rules.ts';
import { decodeNpy, encodeNpy } from '../src/tensor/npy.ts';
import type { Tensor } from '../src/tensor/tensor.ts';
import { int8Matrix } from './matrices.ts';

/** A unit of `matmul-i8` with its right result. */
export interface ProductCase {
  input: UnitInput;
  right: Uint8Array;
}

/** The unit A · B, computed by the reference. */
export function productCase(a: Tensor, b: Tensor): ProductCase {
  const shape = [a.shape[0] as number, b.shape[1] as number];
  const blobs = new Map([
    ['a', encodeNpy(a)],
    ['b', encodeNpy(b)],
  ]);
  const data = new Uint8Array(matmulReference(a, b).buffer);
  const params = JSON.stringify({ rows: shape[0], columns: shape[1] });
  return { input: { params, blobs }, right: encodeNpy({ dtype: 'int32', shape, data }) };
}

/** A product's numbers to spoil in place. */
interface Product {
  y: Int32Array;
  rows: number;
  columns: number;
  input: UnitInput;
  random: SeededRandom;
}

/** Ways to spoil a right product; each leaves a well-formed result. */
const SPOILERS: Readonly<Record<string, (product: Product) => void>> = {
  'one more': ({ y, random }) => add(y, random.below(y.length), 1),
  'one less': ({ y, random }) => add(y, random.below(y.length), -1),
  // These pass a check modulo 2³¹ − 1, or one in 32 bits, whose maker forgot to look at the range.
  'the prime 2³¹ − 1 more': ({ y, random }) => add(y, random.below(y.length), 2 ** 31 - 1),
  'the prime 2³¹ − 1 less': ({ y, random }) => add(y, random.below(y.length), 1 - 2 ** 31),
  'half of 2³² more': ({ y, random }) => add(y, random.below(y.length), 2 ** 31),
  'a bit flipped': ({ y, random }) => flip(y, random.below(y.length), random.below(32)),
  'any number': ({ y, random }) => y.fill(random.u32(), random.below(y.length)),
  'one more and one less': ({ y, columns, random }) => {
    const row = random.below(y.length / columns) * columns;
    add(y, row + random.below(columns), 1);
    add(y, row + random.below(columns), -1);
  },
  'rows swapped': (product) => exchange(product, rowAt(product), rowAt(product)),
  'columns swapped': (product) => exchange(product, columnAt(product), columnAt(product)),
  'a row copied': ({ y, rows, columns, random }) => {
    const from = random.below(rows) * columns;
    y.copyWithin(random.below(rows) * columns, from, from + columns);
  },
  'moved by one element': ({ y }) => y.copyWithin(1, 0),
  'the product of another B': ({ y, input, random }) => {
    const b = decodeNpy('b', (input.blobs.get('b') as Uint8Array).slice());
    b.data[random.below(b.data.length)] = random.below(256);
    y.set(matmulReference(decodeNpy('a', input.blobs.get('a') as Uint8Array), b));
  },
  negated: ({ y }) => y.forEach((value, i) => (y[i] = -value)),
  'all zero': ({ y }) => y.fill(0),
};
const NAMES = Object.keys(SPOILERS);

/** A wrong result that `inspect` lets through. */
export function mutate({ input, right }: ProductCase, random: SeededRandom): Uint8Array {
  if (random.below(NAMES.length + 1) === 0) return longerHeader(right, 1 + random.below(70));
  const { shape, data } = decodeNpy('result', right.slice());
  const [rows, columns] = shape as [number, number];
  const y = new Int32Array(data.slice().buffer);
  SPOILERS[random.pick(NAMES)]?.({ y, rows, columns, input, random });
  const before = new Int32Array(data.slice().buffer);
  // Some ways change nothing now and then, such as swapping equal rows.
  if (y.every((value, i) => value === before[i])) add(y, random.below(y.length), 1);
  return encodeNpy({ dtype: 'int32', shape, data: new Uint8Array(y.buffer) });
}

/** Shapes m × k × n with single rows, sums and columns, and widths that are no whole vectors. */
const SHAPES = [
  [1, 1, 1],
  [3, 5, 7],
  [2, 17, 9],
  [8, 16, 5],
  [5, 1, 16],
  [13, 33, 1],
] as const;

/** Checks `count` wrong products of small shapes and counts those that pass; the same seed gives the same mutants. */
export async function runMutants(count: number, seed: number): Promise<{ mutants: number; accepted: number }> {
  const random = createSeededRandom(seed);
  const cases = SHAPES.map(([m, k, n]) => productCase(int8Matrix(m, k, seed), int8Matrix(k, n, seed + 1)));
  let accepted = 0;
  for (let i = 0; i < count; i++) {
    const kase = cases[i % cases.length] as ProductCase;
    const mutant = mutate(kase, random);
    const reason = matmulRules.inspect(kase.input.params, mutant);
    if (reason !== undefined) throw new Error(`a mutant is not well-formed: ${reason}`);
    const outcome = await matmulRules.check?.(kase.input, mutant, random);
    if (outcome?.passed !== false) accepted++;
  }
  return { mutants: count, accepted };
}

/** Adds modulo 2³². */
const add = (y: Int32Array, at: number, value: number): void => {
  y[at] = (y[at] as number) + value;
};

const flip = (y: Int32Array, at: number, bit: number): void => {
  y[at] = (y[at] as number) ^ (1 << bit);
};

/** Where a row's or a column's elements are. */
const rowAt = ({ rows, columns, random }: Product): number[] => {
  const row = random.below(rows);
  return Array.from({ length: columns }, (_, j) => row * columns + j);
};
const columnAt = ({ rows, columns, random }: Product): number[] => {
  const column = random.below(columns);
  return Array.from({ length: rows }, (_, i) => i * columns + column);
};

function exchange({ y }: Product, left: readonly number[], right: readonly number[]): void {
  const [first, second] = [left.map((at) => y[at] as number), right.map((at) => y[at] as number)];
  left.forEach((at, i) => (y[at] = second[i] as number));
  right.forEach((at, i) => (y[at] = first[i] as number));
}

/** The same numbers behind a header with more spaces, which readers accept. */
function longerHeader(right: Uint8Array, spaces: number): Uint8Array {
  const length = new DataView(right.buffer, right.byteOffset).getUint16(8, true);
  const out = new Uint8Array(right.length + spaces).fill(0x20);
  out.set(right.subarray(0, 10 + length - 1));
  out.set(right.subarray(10 + length - 1), 10 + length - 1 + spaces);
  new DataView(out.buffer).setUint16(8, length + spaces, true);
  return out;
}
