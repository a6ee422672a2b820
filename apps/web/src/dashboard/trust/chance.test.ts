import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chanceWords, wrongInWords } from './chance.ts';

test.each([
  [1, 'certain'],
  [0.21, '21%'],
  [0.0512, '6%'],
  [0.01, '1%'],
  [0.001, 'one in 1,000'],
  [0.000_49, 'one in 2,000'],
  [2 ** -63, 'less than one in 10¹⁸'],
  [0, 'none'],
])('a chance of %d is said as "%s"', (chance, words) => expect(chanceWords(chance)).toBe(words));

test('a chance never sounds smaller than it is', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-7, max: 0.0099, noNaN: true }), (chance) => {
      const said = Number(chanceWords(chance).replace('one in ', '').replaceAll(',', ''));
      expect(1 / said).toBeGreaterThanOrEqual(chance * (1 - 1e-6));
    }),
  );
});

test('a share of wrong results is said as one among many', () => {
  expect(wrongInWords(0.001)).toBe('one wrong in 1,000');
  expect(wrongInWords(0.05)).toBe('one wrong in 20');
});
