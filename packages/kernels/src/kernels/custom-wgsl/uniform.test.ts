import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUniform } from './uniform.ts';

const uniform = (...types: ('f32' | 'i32' | 'u32')[]) => ({
  from: 'params' as const,
  binding: 0,
  fields: types.map((type, i) => ({ name: `n${i}`, type })),
});

test('numbers are laid out in order, whether named or listed', () => {
  const i32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), i32, u32, (f, i, u) => {
      const three = uniform('f32', 'i32', 'u32');
      const listed = encodeUniform(three, JSON.stringify([f, i, u]));
      expect(encodeUniform(three, JSON.stringify({ n2: u, n0: f, n1: i }))).toEqual(listed);
      const view = new DataView((listed as Uint8Array<ArrayBuffer>).buffer);
      // JSON has no −0.
      expect([view.getFloat32(0, true) + 0, view.getInt32(4, true), view.getUint32(8, true)]).toEqual([f + 0, i, u]);
    }),
  );
});

test.each([
  ['i32', 2 ** 31],
  ['i32', -(2 ** 31) - 1],
  ['i32', 0.5],
  ['u32', -1],
  ['u32', 2 ** 32],
  ['u32', 1.5],
  ['f32', 3.5e38],
] as const)('%s does not hold %d', (type, value) => {
  expect(() => encodeUniform(uniform(type), JSON.stringify([value]))).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ path: 'params', received: `${value}` }) }),
  );
});

test.each(['{"n0":1,"n0 ":2}', '{"__proto__":1}', '[null]', '[[1]]', '"1"', 'NaN', '[1e999]'])(
  '%s is refused',
  (text) => {
    expect(() => encodeUniform(uniform('f32'), text)).toThrow(/Parameter "params"/);
  },
);

test.each(['', ' ', '{}', '[ ]'])('without a uniform, "%s" is nothing', (text) => {
  expect(encodeUniform(undefined, text)).toBeUndefined();
});
