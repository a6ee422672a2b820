import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensorsAgree } from './agree.ts';
import type { Tensor } from './tensor.ts';

const tolerance = { absolute: 1e-4, relative: 1e-3 };
const floats = (...values: number[]): Tensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: new Uint8Array(Float32Array.from(values).buffer),
});

test('numbers agree within absolute plus relative tolerance', () => {
  expect(tensorsAgree(floats(1000), floats(1000.9), tolerance)).toBe(true);
  expect(tensorsAgree(floats(1000), floats(1001.1), tolerance)).toBe(false);
  expect(tensorsAgree(floats(0), floats(0.00009), tolerance)).toBe(true);
  expect(tensorsAgree(floats(0), floats(0.00011), tolerance)).toBe(false);
});

test('infinity agrees only with itself, and so does NaN', () => {
  const odd = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1];
  for (const a of odd) for (const b of odd) expect(tensorsAgree(floats(a), floats(b), tolerance)).toBe(Object.is(a, b));
});

test('whole numbers must be equal, and shapes and types too', () => {
  const bytes = (dtype: Tensor['dtype'], shape: number[], ...data: number[]): Tensor => ({
    dtype,
    shape,
    data: Uint8Array.from(data),
  });
  expect(tensorsAgree(bytes('uint8', [2], 1, 2), bytes('uint8', [2], 1, 2), tolerance)).toBe(true);
  expect(tensorsAgree(bytes('uint8', [2], 1, 2), bytes('uint8', [2], 1, 3), tolerance)).toBe(false);
  expect(tensorsAgree(bytes('uint8', [2], 1, 2), bytes('int8', [2], 1, 2), tolerance)).toBe(false);
  expect(tensorsAgree(bytes('uint8', [2], 1, 2), bytes('uint8', [1, 2], 1, 2), tolerance)).toBe(false);
});

test('agreement goes both ways', () => {
  const values = fc.array(fc.float(), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(tensorsAgree(floats(...a), floats(...b), tolerance)).toBe(
        tensorsAgree(floats(...b), floats(...a), tolerance),
      );
    }),
  );
});
