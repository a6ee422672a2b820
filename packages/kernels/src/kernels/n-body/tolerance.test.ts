import { expect, test } from 'vitest';
import { fieldsAgree } from './tolerance.ts';

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
