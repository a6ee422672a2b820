import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, toHex, u32be } from './bytes.ts';

test('hex gives back the bytes it was made of, in either case', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(fromHex(`0x${toHex(bytes).slice(2).toUpperCase()}`)).toEqual(bytes);
    }),
  );
});

test.each([
  '',
  '0',
  '0x0',
  'ab',
  'abcd',
  '0xg0',
  '0x0g',
  '0x 1',
  '0xé1',
  '0x1\u{1f600}',
  '0x/0',
  '0x:0',
  '0x@0',
  '0x`0',
])('"%s" is no hex', (text) => {
  expect(() => fromHex(text)).toThrow(RangeError);
});

test('a u32 is written with its highest byte first', () => {
  expect([...u32be(0x01020304)]).toEqual([1, 2, 3, 4]);
  expect([...u32be(0xffffffff)]).toEqual([255, 255, 255, 255]);
});
