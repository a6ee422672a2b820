import { expect, test } from 'vitest';
import { fromHalf } from './float16.ts';
import { decodeNpy, encodeNpy } from './npy.ts';
import { type Tensor, toNumbers } from './tensor.ts';

test('every half is read as the platform reads it', () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const known = new Float16Array(bits.buffer);
  for (const [i, value] of known.entries()) expect(Object.is(fromHalf(i), value)).toBe(true);
});

test('a float16 .npy is read and written, and its numbers are its values', () => {
  const data = new Uint8Array(Float16Array.of(0.5, -2, 65_504).buffer);
  const tensor: Tensor = { dtype: 'float16', shape: [3], data };
  const file = encodeNpy(tensor);
  expect(Buffer.from(file).toString('latin1')).toContain("'descr': '<f2'");
  expect(Array.from(toNumbers(decodeNpy('x', file)))).toEqual([0.5, -2, 65_504]);
  expect(() => decodeNpy('x', file.slice(0, -1))).toThrow(/shape \[3\] of float16 needs 6 bytes of data, it has 5/);
});
