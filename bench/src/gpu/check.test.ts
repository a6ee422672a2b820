import { expect, test } from 'vitest';
import { wrongProduct } from './check.ts';
import { calibrate, type Contender, type Matrices, slope } from './contender.ts';

const shape = { m: 7, k: 11, n: 5 };
const values = (count: number, seed: number) => Float32Array.from({ length: count }, (_, i) => ((i * seed) % 17) - 8);
const matrices: Matrices = { shape, lefts: [values(77, 5), values(77, 7)], right: values(55, 3) };

function product(): Float64Array {
  const c = new Float64Array(35);
  for (let i = 0; i < 7; i++) {
    for (let j = 0; j < 5; j++) {
      for (let p = 0; p < 11; p++) {
        c[i * 5 + j] =
          (c[i * 5 + j] as number) + (matrices.lefts[0][i * 11 + p] as number) * (matrices.right[p * 5 + j] as number);
      }
    }
  }
  return c;
}

test.each([true, false])('a right product passes, exactly: %s', (exactly) => {
  expect(wrongProduct(matrices, product(), exactly)).toBeUndefined();
});

test.each([true, false])('one wrong element, zeros, NaN or a part are found, exactly: %s', (exactly) => {
  const right = product();
  for (const at of right.keys()) {
    expect(wrongProduct(matrices, right.with(at, (right[at] as number) + 1), exactly)).toMatch(/^row \d+/);
  }
  expect(wrongProduct(matrices, new Float64Array(35), exactly)).toMatch(/^row/);
  expect(wrongProduct(matrices, right.with(3, Number.NaN), exactly)).toMatch(/NaN/);
  expect(wrongProduct(matrices, right.slice(1), exactly)).toBe('34 elements instead of 35');
});

test('rounding is an error of whole numbers alone', () => {
  const off = product().map((value) => value * (1 + 2 ** -24));
  expect(wrongProduct(matrices, off, false)).toBeUndefined();
  expect(wrongProduct(matrices, off, true)).toMatch(/^row/);
});

test('a slope is what a product adds, whatever a run costs once', async () => {
  const clock = performance.now.bind(performance);
  let now = 0;
  performance.now = () => now;
  try {
    const contender: Contender = {
      name: 'fake',
      async run(products) {
        now += 100 + 3 * products;
      },
      product: async () => [],
      destroy: () => undefined,
    };
    expect(await slope(contender, { few: 2, many: 9 })).toBeCloseTo(3);
    const repeats = await calibrate(contender, { warmUpMs: 500, apartMs: 40 });
    expect(repeats.many).toBeGreaterThan(repeats.few);
  } finally {
    performance.now = clock;
  }
});
