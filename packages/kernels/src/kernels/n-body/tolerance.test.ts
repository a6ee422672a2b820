import { createSeededRandom } from '@reckon/protocol/testing/seeded-random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodiesArbitrary, right, unitOf } from '../../../testing/gravity.ts';
import { encodeField } from './field.ts';
import { readUnit } from './params.ts';
import { plummerSphere } from './plummer.ts';
import { fieldReference } from './reference.ts';
import { nBodyRules } from './rules.ts';
import { fieldsAgree } from './tolerance.ts';

test('whoever leaves one body of average mass out is told from the right result', () => {
  const random = createSeededRandom(1);
  const bodies = plummerSphere(60_000, 2);
  const unit = unitOf(bodies, 500, 40, 0.01);
  const honest = right(unit);
  for (let i = 0; i < 12; i++) {
    const without = bodies.slice();
    without[random.below(60_000) * 4 + 3] = 0;
    expect(nBodyRules.agree(right(unit, without), honest, unit.params)).toBe(false);
  }
});

test('a mean field, a subsample made up for, zeros and another’s slice are told too', () => {
  const bodies = plummerSphere(3000, 4);
  const unit = unitOf(bodies, 100, 64, 0.01);
  const honest = right(unit);
  const half = bodies.map((value, at) => (at % 4 === 3 ? (at % 8 === 3 ? 2 * value : 0) : value));
  const other = right(unitOf(bodies, 164, 64, 0.01));
  const zeros = encodeField(readUnit(unit.params), bodies, new Float64Array(64 * 5));
  for (const wrong of [right(unit, half), other, zeros]) {
    expect(nBodyRules.inspect(unit.params, wrong)).toBeUndefined();
    expect(nBodyRules.agree(wrong, honest, unit.params)).toBe(false);
  }
});

test('a single number that is off by more than the bound is told, and one within it is not', () => {
  const bodies = plummerSphere(500, 4);
  const unit = unitOf(bodies, 0, 32, 0.01);
  const honest = right(unit);
  const change = (row: number, column: number, factor: number) => {
    const bytes = honest.slice();
    const at = bytes.length - (33 - row) * 20;
    const view = new DataView(bytes.buffer);
    const terms = Math.abs(view.getFloat32(at + (column === 3 ? 12 : 16), true));
    const bound = ([64, 64, 64, 46, 54][column] as number) * 2 ** -23 * terms;
    view.setFloat32(at + column * 4, view.getFloat32(at + column * 4, true) - factor * bound, true);
    return bytes;
  };
  for (const row of [0, 17, 31, 32]) {
    for (const column of [0, 1, 2, 3, 4]) {
      expect(nBodyRules.agree(change(row, column, 0.9), honest, unit.params)).toBe(true);
      expect(nBodyRules.agree(change(row, column, 1.1), honest, unit.params)).toBe(false);
    }
  }
});

test.each([1e-6, 1e-4, 0.01, 1])('potentials without their accelerations are told at softening %d', (softening) => {
  const random = createSeededRandom(3);
  const bodies = plummerSphere(4000, 1);
  const unit = unitOf(bodies, 0, 64, softening);
  const numbers = fieldReference(bodies, 0, 64, softening);
  const honest = right(unit);
  const changed = (change: (acceleration: number) => number) =>
    encodeField(
      readUnit(unit.params),
      bodies,
      numbers.map((value, at) => (at % 5 < 3 ? change(value) : value)),
    );
  expect(nBodyRules.agree(changed(Number), honest, unit.params)).toBe(true);
  for (const lie of [
    () => 0,
    (a: number) => -a,
    (a: number) => a * (random.below(1000) / 500),
    (a: number) => a * 1.01,
  ]) {
    expect(nBodyRules.agree(changed(lie), honest, unit.params)).toBe(false);
    expect(nBodyRules.agree(honest, changed(lie), unit.params)).toBe(false);
  }
});

test('no acceleration, and no sum of terms of one, exceeds the pull', () => {
  fc.assert(
    fc.property(bodiesArbitrary, fc.constantFrom(1e-6, 1e-3, 0.5, 1e6), (bodies, softening) => {
      const field = fieldReference(bodies, 0, 1, softening);
      const sizes = [0, 0, 0];
      for (let j = 1; j < bodies.length / 4; j++) {
        const d = [0, 1, 2].map((c) => (bodies[j * 4 + c] as number) - (bodies[c] as number));
        const r2 = d.reduce((sum, x) => sum + x * x, Math.fround(softening * softening));
        for (const c of [0, 1, 2]) {
          sizes[c] = (sizes[c] as number) + ((bodies[j * 4 + 3] as number) * Math.abs(d[c] as number)) / r2 ** 1.5;
        }
      }
      const pull = (field[4] as number) * (1 + 1e-12);
      for (const c of [0, 1, 2]) expect(sizes[c]).toBeLessThanOrEqual(pull);
    }),
  );
});

test.each([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN])(
  'a field with %d agrees with nothing',
  (odd) => {
    const right = [1, 2, 3, -1, 4, 1, 2, 3, -1, 4];
    for (let at = 0; at < right.length; at++) {
      expect(fieldsAgree(right, right.with(at, odd))).toBe(false);
      expect(fieldsAgree(right.with(at, odd), right)).toBe(false);
      expect(fieldsAgree(right.with(at, odd), right.with(at, odd))).toBe(false);
    }
    expect(fieldsAgree(right, right)).toBe(true);
  },
);
