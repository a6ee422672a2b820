import fc from 'fast-check';
import { expect, test } from 'vitest';
import { localHours, utcHours } from './green-hours.ts';

const hour = fc.integer({ min: 0, max: 23 });
const zone = fc.integer({ min: -12, max: 14 });

test('hours told come back as they were chosen, in every time zone', () => {
  fc.assert(
    fc.property(hour, hour, zone, (from, to, offset) => {
      const told = utcHours(from, to, offset);
      expect(localHours(told, offset)).toEqual([from, to]);
      expect(told.every((utc) => utc >= 0 && utc <= 23)).toBe(true);
    }),
  );
});

test('hours shown are those of this clock when nothing else is said', () => {
  expect(localHours(utcHours(10, 16))).toEqual([10, 16]);
});

test('noon in a zone two hours ahead is ten in UTC, and one at night is the day before', () => {
  expect(utcHours(12, 1, 2)).toEqual([10, 23]);
});
