import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReckonError } from './errors.ts';
import { packParts, unpackParts } from './named-parts.ts';

const parts = fc.array(fc.record({ name: fc.string({ maxLength: 20 }), bytes: fc.uint8Array({ maxLength: 50 }) }), {
  maxLength: 8,
});

test('unpacking what was packed gives it back', () => {
  fc.assert(
    fc.property(parts, (list) => {
      expect(unpackParts(packParts(list))).toEqual(list);
    }),
  );
});

test('a name that is not UTF-8 is refused with a code', () => {
  const packed = packParts([{ name: 'ab', bytes: Uint8Array.of(1) }]);
  packed[8] = 0xff;
  expect(() => unpackParts(packed)).toThrow(/not UTF-8/);
});

test('truncated, extended or random bytes are refused with a code', () => {
  fc.assert(
    fc.property(parts, fc.nat(), fc.uint8Array({ maxLength: 60 }), (list, cut, noise) => {
      const packed = packParts(list);
      const shorter = packed.subarray(0, cut % packed.length);
      expect(() => unpackParts(shorter)).toThrow(ReckonError);
      expect(() => unpackParts(Uint8Array.of(...packed, 0))).toThrow(ReckonError);
      try {
        unpackParts(noise);
      } catch (error) {
        expect(error).toBeInstanceOf(ReckonError);
      }
    }),
  );
});
