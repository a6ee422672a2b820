import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '../../tensor/tensor.ts';
import { outputsAgree } from './agreement.ts';

const floats = (...values: number[]): Tensor => ({
  dtype: 'float32',
  shape: [1, values.length],
  data: new Uint8Array(Float32Array.from(values).buffer),
});
const halves = (...values: number[]): Tensor => ({
  dtype: 'float16',
  shape: [1, values.length],
  data: new Uint8Array(Float16Array.from(values).buffer),
});
const many = (length: number, value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));

test.each([2, 10, 1000, 20_000])('zeros are not the probabilities of %d classes that are alike', (classes) => {
  const alike = many(classes, () => 1 / classes);
  const zeros = many(classes, () => 0);
  for (const tensor of [floats, ...(classes > 1000 ? [] : [halves])]) {
    expect(outputsAgree(tensor(...alike), tensor(...alike))).toBe(true);
    expect(outputsAgree(tensor(...alike), tensor(...zeros))).toBe(false);
    expect(outputsAgree(tensor(...zeros), tensor(...alike))).toBe(false);
  }
});

test('numbers that are small as a whole must still be alike', () => {
  for (const length of [8, 500]) {
    const small = many(length, (i) => 1e-10 * Math.sin(1 + i));
    const rounded = many(length, (i) => 1e-10 * Math.sin(1 + i) * (1 + 1e-5) + 5e-15);
    expect(outputsAgree(floats(...small), floats(...rounded))).toBe(true);
    expect(outputsAgree(floats(...small), floats(...many(length, () => 0)))).toBe(false);
    expect(outputsAgree(floats(...small), floats(...many(length, (i) => 1e-10 * Math.cos(1 + i))))).toBe(false);
  }
});

test('a small number among large ones may be off by what the large ones are off by', () => {
  expect(outputsAgree(floats(1, 1e-6), floats(1, 9e-5))).toBe(true);
  expect(outputsAgree(floats(1, 1e-6), floats(1, 1.2e-4))).toBe(false);
  expect(outputsAgree(floats(0.01, 1e-6), floats(0.01, 1.9e-6))).toBe(true);
  expect(outputsAgree(floats(0.01, 1e-6), floats(0.01, 3e-6))).toBe(false);
  // Of large numbers no more than of 1: those are compared by the 0.1 %.
  expect(outputsAgree(floats(1000, 0), floats(1000, 1.2e-4))).toBe(false);
});

test('a number or two may be small by cancellation, and then keep the error of their terms', () => {
  expect(outputsAgree(floats(0, 3e-7), floats(0, 1e-7))).toBe(true);
  expect(outputsAgree(floats(0, 3e-7, 0, 0), floats(0, 1e-7, 0, 0))).toBe(false);
  expect(outputsAgree(floats(3e-7), floats(1e-6))).toBe(true);
  expect(outputsAgree(floats(0), floats(5e-5))).toBe(false);
});

test('what a GPU may take for 0 agrees with 0', () => {
  expect(outputsAgree(floats(...many(2, () => 1e-39)), floats(0, 0))).toBe(true);
  expect(outputsAgree(halves(...many(100, () => 5e-5)), halves(...many(100, () => 0)))).toBe(true);
});

test('an infinity makes nothing else agree', () => {
  const infinite = (value: number) => floats(Number.POSITIVE_INFINITY, ...many(999, () => value));
  expect(outputsAgree(infinite(1e-3), infinite(1e-3))).toBe(true);
  expect(outputsAgree(infinite(1e-3), infinite(1.1e-3))).toBe(false);
  expect(outputsAgree(floats(Number.POSITIVE_INFINITY), floats(1))).toBe(false);
});

test('whole numbers must be equal', () => {
  const whole = (...values: number[]): Tensor => ({
    dtype: 'uint8',
    shape: [values.length],
    data: Uint8Array.from(values),
  });
  expect(outputsAgree(whole(1, 200), whole(1, 200))).toBe(true);
  expect(outputsAgree(whole(1, 200), whole(1, 201))).toBe(false);
});

test('agreement goes both ways, and results that only rounding tells apart agree', () => {
  const numbers = fc.array(fc.float({ noNaN: true, min: Math.fround(-1e37), max: Math.fround(1e37) }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(numbers, fc.integer({ min: -8, max: 8 }), numbers, (values, steps, others) => {
      const rounded = values.map((value) => value * (1 + steps * 2 ** -23));
      expect(outputsAgree(floats(...values), floats(...rounded))).toBe(true);
      const [a, b] = [floats(...values), floats(...values.map((_, i) => others[i] ?? 0))];
      expect(outputsAgree(a, b)).toBe(outputsAgree(b, a));
    }),
  );
});
